/* Opens the forms without a connection: the network first, then the copy stored on this phone. */
const FORMS = ["/tell/", "/team/visits/new/"];
const FRESH = 600_000; // milliseconds in which a copy need not be fetched again

/* A form is stored by its path, and by the person it is about. */
const named = ({ pathname, searchParams }) => {
  const who = searchParams.get("person");
  return who ? `${pathname}?person=${who}` : pathname;
};
const find = (what) => caches.match(what, { ignoreVary: true });

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const form = request.mode === "navigate" && FORMS.includes(url.pathname);
  if (!form && !url.pathname.startsWith("/static/")) return;
  event.respondWith(
    fetch(request).catch(async (error) => {
      const kept = form ? ((await find(named(url))) ?? (await find(url.pathname))) : await find(request);
      if (!kept) throw error;
      return kept;
    }),
  );
});

/* A page says who is signed in and what to store. What lies here for anybody else is deleted. */
self.addEventListener("message", (event) => event.waitUntil(store(event.data)));

const store = async ({ person, pages, files }) => {
  const mine = `align-${person}`;
  for (const name of await caches.keys()) {
    if (name.startsWith("align-") && name !== mine) await caches.delete(name);
  }
  if (!person) return;
  const kept = await caches.open(mine);
  const ours = files.filter((name) => name.startsWith(`${self.location.origin}/static/`));
  await Promise.allSettled(ours.map((name) => kept.add(name)));
  for (const page of pages) {
    const url = new URL(page, self.location.origin);
    if (FORMS.includes(url.pathname)) await copy(named(url), kept).catch(() => {});
  }
};

const copy = async (name, kept) => {
  const old = await kept.match(name, { ignoreVary: true });
  if (old && Date.now() - Date.parse(old.headers.get("date")) < FRESH) return;
  const page = await fetch(name, { cache: "no-store" });
  if (page.ok && !page.redirected) await kept.put(name, page);
};
