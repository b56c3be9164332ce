// Inside a form, the key printed on a pill chooses it: <input type="radio" data-key="d">. Only outside text fields.
const TYPED = "input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (!document.body.hasAttribute("data-keyboard") || event.target.closest(TYPED)) return;
  const key = event.key.toLowerCase();
  const pill = [...document.querySelectorAll("input[data-key]")].find(
    (input) => input.dataset.key === key && !input.disabled && input.closest("label").offsetParent,
  );
  if (!pill) return;
  event.preventDefault();
  pill.click();
  pill.focus();
});
