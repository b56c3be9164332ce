// Single keys, only outside text fields (WCAG 2.1.4). A page asks for them with <body data-keyboard>; "Mon poste" drops it.
// A target names its key with aria-keyshortcuts; a row of a list carries data-row, its one action data-act, the way back data-back.
const TYPED = "input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]";

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
const here = () => document.activeElement.closest("[data-row]");

function walk(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(here());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  next.querySelector("a, button").focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function press(target) {
  if (!target) return false;
  if (target.matches(TYPED)) target.focus();
  else target.click();
  return true;
}

function named(key) {
  return [...document.querySelectorAll("[aria-keyshortcuts]:not([data-key])")].find(
    (target) => target.getAttribute("aria-keyshortcuts").split(" ").includes(key) && target.offsetParent,
  );
}

const keys = {
  J: () => walk(1),
  K: () => walk(-1),
  A: () => press(here()?.querySelector("[data-act]")),
  ESCAPE: () => press(document.querySelector("[data-back]")),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.isComposing || !document.body.hasAttribute("data-keyboard")) return;
  const typing = event.target.closest(TYPED);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form") ?? document.querySelector("form[data-main]");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = event.key.toUpperCase();
  const done = Object.hasOwn(keys, key) ? keys[key]() : press(named(key));
  if (done) event.preventDefault();
});
