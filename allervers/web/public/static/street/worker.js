// Keeps what was opened or packed. KNOWN is written by the server before this line: version, assets, street, static.
const ASSETS = `assets-${KNOWN.version}`;
const KEPT = "kept";
const PATIENCE = 4000; // ms before a page already kept is shown instead of the one that does not come
// Messages, doors, agenda. Never a request for help, nor where someone looked for a place: a phone is often shared.
const PAGE = new RegExp(`^${KNOWN.street}(?:[^/]+/(?:comprendre/(?:[^/]+/)?|agenda/|vos-informations/|un-site-pour-tous/|hors-ligne/)?)?$`);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(ASSETS).then((cache) => cache.addAll(KNOWN.assets)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("assets-") && name !== ASSETS;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith(KNOWN.static)) event.respondWith(asset(request));
  else if (url.pathname.startsWith("/son/")) event.respondWith(sound(request));
  else if (PAGE.test(url.pathname)) event.respondWith(page(event, url));
  else if (request.mode === "navigate" && url.pathname.startsWith(KNOWN.street)) {
    event.respondWith(fetch(request).catch(() => lastResort(url)));
  }
});

// A page asks for others to be kept: `{keep: [addresses]}`; it is told how far the work is.
self.addEventListener("message", (event) => {
  const wanted = event.data?.keep;
  if (Array.isArray(wanted)) event.waitUntil(keep(wanted, event.source));
});

async function keep(wanted, client) {
  const addresses = wanted.filter((address) => PAGE.test(new URL(address, location.origin).pathname));
  const cache = await caches.open(KEPT);
  let done = 0;
  let failed = 0;
  for (const address of addresses) {
    try {
      await cache.add(address);
    } catch {
      failed += 1;
    }
    done += 1;
    client?.postMessage({ kept: done, of: addresses.length, failed });
  }
}

async function asset(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function page(event, url) {
  const cache = await caches.open(KEPT);
  const address = url.origin + url.pathname;
  const kept = await cache.match(address, { ignoreVary: true });
  const fresh = fetch(event.request);
  // Said now: an answer slower than our patience still takes the place of what is kept.
  event.waitUntil(fresh.then((answer) => hold(cache, address, url, answer.clone())).catch(() => {}));
  try {
    if (!kept) return await fresh;
    const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE, kept.clone()));
    return await Promise.race([fresh, slow]);
  } catch {
    return kept ?? lastResort(url);
  }
}

// What was withdrawn leaves the phone: it may be dangerous.
async function hold(cache, address, url, answer) {
  if (answer.status === 404) await cache.delete(address, { ignoreVary: true });
  else if (answer.ok && !url.search) await cache.put(address, answer);
}

async function lastResort(url) {
  const reader = url.pathname.slice(KNOWN.street.length).split("/")[0];
  const found = await caches.match(`${KNOWN.street}${reader}/hors-ligne/`, { ignoreVary: true });
  return found ?? Response.error();
}

// A sound asked from its beginning plays while it comes and is kept; a part of a kept one is cut out of it.
async function sound(request) {
  const cache = await caches.open(KEPT);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
  const kept = await cache.match(request.url, { ignoreVary: true });
  if (kept) return range ? part(kept, Number(range[1]), range[2]) : kept;
  if (range && range[1] !== "0") return fetch(request);
  const answer = await fetch(request.url, { credentials: "same-origin" });
  if (answer.status === 200) cache.put(request.url, answer.clone()).catch(() => {});
  return answer;
}

async function part(kept, from, until) {
  const bytes = await kept.arrayBuffer();
  const to = until === "" ? bytes.byteLength - 1 : Math.min(Number(until), bytes.byteLength - 1);
  if (from > to) return new Response("", { status: 416, headers: { "Content-Range": `bytes */${bytes.byteLength}` } });
  const headers = {
    "Content-Type": kept.headers.get("Content-Type") ?? "audio/ogg",
    "Content-Range": `bytes ${from}-${to}/${bytes.byteLength}`,
    "Content-Length": String(to - from + 1),
    "Accept-Ranges": "bytes",
  };
  return new Response(bytes.slice(from, to + 1), { status: 206, headers });
}
