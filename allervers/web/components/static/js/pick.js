// Inside a form, the key printed on a pill chooses it: <input type="radio" data-key="d">. Only outside text fields.
const TYPED = "input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (!document.body.hasAttribute("data-keyboard") || event.target.closest(TYPED)) return;
  const pills = [...document.querySelectorAll("input[data-key]")].filter(
    (input) => !input.disabled && input.closest("label").offsetParent,
  );
  // On a French keyboard a digit asks for Shift: the key where it is printed is enough.
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  const key = event.key.toLowerCase();
  const pill =
    pills.find((input) => input.dataset.key === key) ?? pills.find((input) => digit && input.dataset.key === digit);
  if (!pill) return;
  event.preventDefault();
  pill.click();
  pill.focus();
});
