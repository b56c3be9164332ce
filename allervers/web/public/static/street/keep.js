// Registers the worker that keeps what was opened; « Tout garder » asks it for a whole shelf and says how far it is.
const street = document.querySelector("[data-worker]");
if (street && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(street.dataset.worker).then(async () => {
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ keep: [location.origin + location.pathname, street.dataset.offline] });
  });
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    const said = document.querySelector("[data-kept]");
    if (!said || !data.of || data.of < 3) return;
    said.hidden = false;
    said.value = data.kept / data.of;
    said.textContent = `${data.kept} / ${data.of}`;
    if (data.kept === data.of) document.querySelector(data.failed ? "[data-kept-not]" : "[data-kept-all]").hidden = false;
  });
}

for (const button of document.querySelectorAll("[data-keep]")) {
  if (!("serviceWorker" in navigator)) continue;
  button.closest("[data-needs-script]").hidden = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    const list = await fetch(button.dataset.keep).then((answer) => answer.json());
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ keep: list.addresses });
  });
}
