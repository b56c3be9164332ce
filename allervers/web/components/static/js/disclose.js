// data-shown-by="who=card code": shown, and sent, only while the form's `who` is one of these. Without a script all is shown.
// data-close, inside a <details>, folds it again.
function show(panel) {
  const [name, values] = panel.dataset.shownBy.split("=");
  const form = panel.closest("form");
  const fields = [...form.elements].filter((field) => field.name === name);
  const chosen = fields.filter((field) => !field.matches("[type=radio], [type=checkbox]") || field.checked);
  const shown = chosen.some((field) => values.split(" ").includes(field.value));
  panel.hidden = !shown;
  for (const field of panel.querySelectorAll("input, select, textarea, button")) field.disabled = !shown;
}

const refresh = (root) => root.querySelectorAll("[data-shown-by]").forEach(show);

document.addEventListener("change", (event) => event.target.form && refresh(event.target.form));
document.addEventListener("htmx:load", (event) => refresh(event.target));
refresh(document);

document.addEventListener("click", (event) => {
  const details = event.target.closest("[data-close]")?.closest("details");
  if (!details) return;
  details.open = false;
  details.querySelector("summary").focus();
});
