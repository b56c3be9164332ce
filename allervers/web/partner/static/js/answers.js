// The count of answered lines follows the thumb. Without a script the page works the same, the count alone stands still.
for (const form of document.querySelectorAll("[data-answers]")) {
  const bar = document.getElementById("progress");
  const words = document.querySelector("[data-progress-words] b");
  form.addEventListener("change", () => {
    const answered = form.querySelectorAll(".says:checked").length;
    bar.value = answered;
    words.textContent = answered;
  });
}
