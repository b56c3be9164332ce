// The summary of what is to be mended takes the focus, on a page and in a fragment alike.
const focus = (root) => root.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:load", (event) => focus(event.target));
focus(document);
