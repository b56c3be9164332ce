// The summary of what is to be mended takes the focus, on a page and in a fragment alike.
const focus = (root) => root.querySelector("[data-focus]")?.focus();
// htmx tells of the whole body once, after the page: by then someone may already be elsewhere.
document.addEventListener("htmx:load", (event) => event.target !== document.body && focus(event.target));
focus(document);
