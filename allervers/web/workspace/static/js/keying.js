// One key a line: the letter answers and goes on to the next line; arrows move; Backspace empties and goes back.
for (const table of document.querySelectorAll("[data-keying]")) {
  const boxes = [...table.querySelectorAll("select[data-line]")];
  const count = table.querySelector("[data-keyed]");
  const tell = () => {
    count.textContent = boxes.filter((box) => box.value).length;
  };
  const go = (index) => {
    const box = boxes[Math.max(0, Math.min(index, boxes.length - 1))];
    box.focus();
    box.scrollIntoView({ block: "center" });
  };
  table.addEventListener("keydown", (event) => {
    const at = boxes.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const option = [...event.target.options].find((one) => one.dataset.key === event.key.toUpperCase());
    if (option) {
      event.target.value = option.value;
      go(at + 1);
    } else if (event.key === " " || event.key === "Enter" || event.key === "ArrowDown") {
      go(at + 1);
    } else if (event.key === "ArrowUp") {
      go(at - 1);
    } else if (event.key === "Backspace") {
      event.target.value = "";
      go(at - 1);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });
  table.addEventListener("change", tell);
  tell();
  const first = boxes.findIndex((box) => !box.value);
  if (first >= 0) boxes[first].focus();
}
