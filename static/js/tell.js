/* Shows Tell as three screens on a phone. Without it the page is one form with three questions. */
(() => {
  const form = document.querySelector("[data-tell]");
  if (!form) return;
  const screens = [...form.querySelectorAll(":scope > fieldset")];
  const barriers = document.getElementById("id_barriers");

  /* Nothing stands in the way of what works: the question goes away, and its answers with it. */
  const fit = () => {
    const works = form.querySelector("[name=stance]:checked")?.value === "works";
    barriers.hidden = works;
    if (!works) return;
    for (const box of barriers.querySelectorAll(":checked")) box.checked = false;
  };
  form.addEventListener("change", fit);
  window.addEventListener("pageshow", fit);
  fit();

  /* What was refused is shown whole, with every error in its place. */
  const phone = window.matchMedia("(max-width: 860px)").matches;
  if (!phone || document.querySelector("[data-problem]")) return;

  const bar = document.createElement("div");
  bar.className = "ph";
  const back = document.createElement("button");
  back.type = "button";
  back.className = "bk nav";
  const arrow = form.querySelector("svg.ico").cloneNode(true);
  const use = arrow.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#arrow-left"));
  const word = document.createElement("span");
  word.className = "vh";
  word.textContent = "Back";
  back.append(arrow, word);
  const steps = document.createElement("p");
  steps.className = "steps";
  steps.setAttribute("role", "img");
  steps.append(...screens.map(() => document.createElement("span")));
  bar.append(back, steps);
  form.prepend(bar);

  /* Who uses a keyboard moves on with a button; a tap on an answer moves on by itself. */
  for (const screen of screens.slice(0, -1)) {
    const next = document.createElement("button");
    next.type = "button";
    next.className = "btn send";
    next.textContent = "Next";
    next.addEventListener("click", () => go(screens.indexOf(screen) + 1));
    screen.append(next);
    screen.addEventListener("click", (event) => {
      const tapped = event.detail > 0 && event.target.closest("label.pick, label.stance");
      if (tapped) window.setTimeout(() => go(screens.indexOf(screen) + 1), 150);
    });
  }

  /* What was answered so far stands under the next question. */
  const chosen = (name, part) =>
    form.querySelector(`[name=${name}]:checked`)?.closest("label").querySelector(part).textContent;
  const remind = (screen, place) => {
    const so = screen.querySelector(".about") ?? document.createElement("p");
    so.className = "about serif";
    so.textContent = chosen("about", "span");
    if (place > 1) {
      const pill = document.createElement("span");
      pill.className = "pill";
      pill.textContent = chosen("stance", "b");
      so.append(" ", pill);
    }
    screen.querySelector("legend").after(so);
  };

  const answered = (screen) => screen.querySelector("[type=radio]:checked") !== null;

  const show = (place, moved) => {
    screens.forEach((screen, n) => screen.classList.toggle("now", n === place));
    [...steps.children].forEach((mark, n) => mark.classList.toggle("on", n <= place));
    steps.setAttribute("aria-label", `Question ${place + 1} of ${screens.length}`);
    back.hidden = place === 0;
    if (place) remind(screens[place], place);
    if (!moved) return;
    const question = screens[place].querySelector("legend");
    question.tabIndex = -1;
    question.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  };

  /* The phone's own way back works too. */
  const at = () => Math.min(history.state?.screen ?? 0, screens.length - 1);
  const go = (place) => {
    if (!answered(screens[place - 1]) || at() === place) return;
    history.pushState({ screen: place }, "");
    show(place, true);
  };
  back.addEventListener("click", () => history.back());
  window.addEventListener("popstate", () => show(at(), true));

  form.classList.add("paged");
  const known = history.state?.screen ?? 0;
  show(known, false);
  const asked = new URLSearchParams(location.search).has("about");
  if (known === 0 && asked && answered(screens[0])) go(1);
})();
