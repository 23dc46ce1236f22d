/* Keeps what is typed into a draft, so that a closed window loses nothing. It never saves it. */
(() => {
  const form = document.querySelector("[data-keep]");
  if (!form) return;
  const says = form.querySelector("[data-kept]");
  const here = form.elements.namedItem("window");
  here.value ||= [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join("");
  let changed = false;
  let sent = false;
  let timer = 0;
  let asking;

  const keep = async (leaving) => {
    window.clearTimeout(timer);
    timer = 0;
    if (!changed || sent) return;
    changed = false;
    const body = new URLSearchParams(new FormData(form));
    asking = new AbortController();
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST",
        body,
        redirect: "error", // a sign-in page keeps nothing
        keepalive: leaving && body.toString().length < 60000, // what browsers allow
        signal: asking.signal,
      });
      says.textContent = answer.status < 500 && answer.headers.get("content-type").startsWith("text/plain")
        ? await answer.text()
        : "Not kept. Save what you have.";
    } catch {
      if (sent) return;
      says.textContent = "Not kept: no connection.";
      touched();
    }
  };
  const touched = () => {
    changed = true;
    sent = false;
    timer ||= window.setTimeout(keep, 5000);
  };

  form.addEventListener("input", touched);
  form.addEventListener("submit", () => {
    sent = true;
    asking?.abort(); // what is saved now is not to be kept after it
  });
  window.addEventListener("pagehide", () => keep(true));
  if ("typed" in form.dataset) touched();
})();
