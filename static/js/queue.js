/* Keeps what is sent without a connection, and sends it later: for one person, never another. */
(() => {
  const me = document.body.dataset.person; // none before the sign-in
  const place = document.querySelector("[data-kept]");
  const form = document.querySelector("form[data-queue]");
  const key = form?.elements.namedItem("client_key");
  if (!place) return;

  const named = () => location.hash.split("#kept=")[1] ?? "";
  let editing = named();

  const opened = new Promise((done, failed) => {
    const asked = indexedDB.open("align", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept", { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const store = async (mode, what) => {
    const asked = what((await opened).transaction("kept", mode).objectStore("kept"));
    return new Promise((done, failed) => {
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  };
  const put = (entry) => store("readwrite", (kept) => kept.put(entry));
  const drop = (id) => store("readwrite", (kept) => kept.delete(id));
  const all = () => store("readonly", (kept) => kept.getAll());
  const mine = async () => (await all()).filter((entry) => entry.person === me);

  /* The list */
  const make = (name, text, more = {}) =>
    Object.assign(document.createElement(name), { textContent: text }, more);
  const one = (entry) => {
    const row = document.createElement("li");
    const said = entry.status ? "Align could not take it. Look at it again." : "";
    const edit = make("a", "Edit", { className: "btn sm", href: `${entry.url}#kept=${entry.id}` });
    const away = make("button", "Delete", { className: "btn sm", type: "button" });
    away.addEventListener("click", async () => {
      await drop(entry.id);
      const back = make("button", "Undo", { className: "btn sm", type: "button" });
      back.addEventListener("click", () => put(entry).then(show));
      row.replaceChildren(make("span", "Deleted. "), back);
      back.focus();
    });
    for (const button of [edit, away]) button.append(make("span", ` ${entry.title}`, { className: "vh" }));
    row.append(make("span", `${entry.title} `), make("span", said, { className: "small sub" }), edit, away);
    return row;
  };
  const show = async (signedOut) => {
    const entries = me ? await mine() : await all();
    place.hidden = entries.length === 0;
    if (place.hidden) return place.replaceChildren();
    const [{ kind }, more] = entries;
    const text = more
      ? `${entries.length} ${kind}s wait on this phone. Sign in to send them.`
      : `1 ${kind} waits on this phone. Sign in to send it.`;
    if (!me || signedOut) {
      place.replaceChildren(make("p", text));
      if (me) place.append(make("a", "Sign in", { href: "/accounts/login/", className: "btn sm" }));
      return;
    }
    const list = document.createElement("ul");
    list.className = "list";
    list.append(...entries.map(one));
    const says = "It sends by itself as soon as you have a connection.";
    place.replaceChildren(make("h2", "Kept on this phone", { tabIndex: -1 }), make("p", says), list);
  };

  /* Sending */
  const ask = (url, more) =>
    fetch(url, { cache: "no-store", headers: { "X-Align-Queue": "1" }, ...more });
  const post = (url, body) => ask(url, { method: "POST", body });
  const later = (status) => status >= 500 || [401, 403, 429].includes(status);
  let sending = false;
  const send = async () => {
    if (!me || sending || !navigator.onLine) return;
    sending = true;
    let status;
    try {
      for (const entry of await mine()) {
        if (entry.status || entry.id === editing) continue;
        const page = await ask(entry.url);
        status = page.status;
        if (!page.ok) break;
        const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
        if (fresh.body.dataset.person !== me) break; // somebody else signed in meanwhile
        const body = new URLSearchParams(entry.body);
        body.set("csrfmiddlewaretoken", fresh.querySelector("[name=csrfmiddlewaretoken]").value);
        ({ status } = await post(entry.url, body));
        if (later(status)) break;
        await (status === 204 ? drop(entry.id) : put({ ...entry, status }));
      }
    } catch {
      /* it stays here */
    }
    sending = false;
    await show([401, 403].includes(status));
  };

  /* The form */
  const random = () => crypto.randomUUID?.() ?? key.value;
  const bound = document.querySelector("[data-problem], .note[role=alert]") !== null;
  const fill = async () => {
    const entry = (await mine()).find((kept) => kept.id === editing);
    if (!entry) return;
    const said = new URLSearchParams(entry.body);
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || !said.has(field.name)) continue;
      const given = said.getAll(field.name);
      if (/radio|checkbox/.test(field.type)) field.checked = given.includes(field.value);
      else field.value = given[0];
    }
    if (entry.status !== 409) key.value = entry.id; // after a conflict it is another one
    form.dispatchEvent(new Event("change"));
  };
  const title = () => {
    const typed = [...form.querySelectorAll("textarea, [type=text]")].find((field) => field.value);
    return form.dataset.queueTitle + (typed ? `: ${typed.value.slice(0, 80)}` : "");
  };
  const keep = async (body) => {
    body.delete("csrfmiddlewaretoken");
    const url = form.action.replace(location.origin, "");
    if (editing && editing !== key.value) await drop(editing);
    await put({ id: key.value, person: me, kind: form.dataset.queue, title: title(), url, body: String(body) });
    editing = "";
    history.replaceState(null, "", location.href.split("#")[0]);
    key.value = random();
    form.hidden = true;
    await show();
    place.querySelector("h2")?.focus();
  };
  let plain = false;
  const submit = async (event) => {
    if (plain) return;
    event.preventDefault();
    const button = event.submitter;
    const body = new URLSearchParams(new FormData(form));
    if (button?.name) body.append(button.name, button.value);
    button?.setAttribute("aria-disabled", "true");
    let answer;
    try {
      answer = await post(form.action, body);
    } catch {
      /* none */
    }
    button?.removeAttribute("aria-disabled");
    try {
      if (answer?.status === 204) {
        await drop(key.value);
        if (editing) await drop(editing);
        location.assign(answer.headers.get("X-Align-Location"));
      } else if (!answer || later(answer.status)) {
        await keep(body);
        send();
      } else throw answer;
    } catch {
      /* something to mend: the page says what */
      if (editing) sessionStorage.setItem("mending", editing);
      plain = true;
      form.requestSubmit(button);
    }
  };

  /* Forms open without a connection: the service worker stores them for whoever is signed in. */
  const prepare = async () => {
    const pages = [...document.querySelectorAll("[data-store]")].map((page) => page.dataset.store);
    if (form) pages.push(location.href);
    const workers = navigator.serviceWorker;
    if (me && pages.length) await workers.register("/sw.js");
    else if (!(await workers.getRegistration())) return;
    const files = performance.getEntriesByType("resource").map((entry) => entry.name);
    (await workers.ready).active.postMessage({ person: me, pages, files });
  };

  if (form && key) {
    if (bound) editing ||= sessionStorage.getItem("mending") ?? "";
    else {
      sessionStorage.removeItem("mending");
      key.value = random(); // a stored copy of the page may be filled in more than once
      if (editing) fill();
    }
    form.addEventListener("submit", submit);
  }
  window.addEventListener("online", send);
  window.addEventListener("hashchange", () => named() && location.reload());
  document.addEventListener("visibilitychange", () => document.hidden || send());
  show().then(send, () => {});
  if ("serviceWorker" in navigator && window.isSecureContext) prepare().catch(() => {});
})();
