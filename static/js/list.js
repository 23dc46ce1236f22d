/* In a list: j and k go to the next and the one before, o opens. Only while the list has the focus,
   so that nobody who dictates or types meets a key by accident. */
(() => {
  document.addEventListener("keydown", (event) => {
    const list = event.target.closest("[data-list]");
    if (!list || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...list.querySelectorAll("li > a")];
    const at = links.indexOf(event.target.closest("a"));
    const to = { j: links[at + 1], k: links[at - 1] }[event.key];
    if (to) to.focus();
    else if (event.key === "o") links[at]?.click();
    else return;
    event.preventDefault();
  });
})();
