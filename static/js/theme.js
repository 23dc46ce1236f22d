/* Runs before the first paint: the choice of light or dark, if this browser remembers one. */
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  /* no storage: the system decides */
}
