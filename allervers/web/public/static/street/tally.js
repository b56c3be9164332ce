// What is counted, and nothing of who does it: a message opened and seen, begun whole, given to someone. Without this script
// nothing is; nor are pages kept ahead, prepared behind another one, or read by a program that asks for addresses.
const opened = document.querySelector("[data-opened]");
const told = new Set();

function tell(what, place) {
  if (navigator.onLine && navigator.sendBeacon) navigator.sendBeacon(place.dataset.tally, new URLSearchParams({ quoi: what }));
}

function once(what) {
  if (!opened || told.has(what)) return;
  told.add(what);
  tell(what, opened);
}

function seen() {
  if (document.visibilityState === "visible") once("opened");
}

document.addEventListener("visibilitychange", seen);
seen();
for (const event of ["heard", "playing"]) {
  document.addEventListener(event, ({ target }) => target.closest(".player") && once("listened"), true);
}
document.addEventListener("click", ({ target }) => {
  const given = target.closest("[data-give]");
  if (given) tell("shared", given.closest("[data-tally]"));
});
