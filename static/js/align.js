/* Makes pages quicker; nothing here is the only way to do something. */
(() => {
  const root = document.documentElement;

  /* Light or dark: system, light, dark, and round again. */
  const words = { "": "Theme: system", light: "Theme: light", dark: "Theme: dark" };
  const next = { "": "light", light: "dark", dark: "" };
  const toggles = document.querySelectorAll("[data-theme-toggle]");
  const say = () => {
    for (const toggle of toggles) {
      toggle.hidden = false;
      toggle.querySelector("[data-theme-word]").textContent = words[root.dataset.theme ?? ""];
    }
  };
  const choose = () => {
    const theme = next[root.dataset.theme ?? ""];
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    try {
      if (theme) localStorage.setItem("theme", theme);
      else localStorage.removeItem("theme");
    } catch {
      /* no storage: it holds for this page */
    }
    say();
  };
  for (const toggle of toggles) toggle.addEventListener("click", choose);
  say();

  /* "/" goes to the search, unless somebody is typing. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const find = document.querySelector("[data-find]");
    if (!find) return;
    event.preventDefault();
    find.focus();
    find.select();
  });

  /* A form is sent once in five seconds. The buttons stay enabled: a disabled one sends no value. */
  const sent = new Set();
  const again = () => {
    sent.clear();
    for (const button of document.querySelectorAll("button[aria-disabled]")) {
      button.removeAttribute("aria-disabled");
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    for (const button of form.querySelectorAll("button:not([type=button])")) {
      button.setAttribute("aria-disabled", "true");
    }
    window.setTimeout(again, 5000);
  });
  window.addEventListener("pageshow", again);

  /* The error summary is read first; its links go into the field, not only beside it. */
  document.querySelector("[data-problem]")?.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-problem] a[href^='#']");
    if (!link) return;
    const named = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const field = named?.matches("input, textarea, select") ? named : named?.querySelector("input");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.scrollIntoView({ block: "center" });
  });
})();
