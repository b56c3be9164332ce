// « Près d’ici »: the position is asked when the button is pressed, rounded to a hundred metres, and sent in the form's body.
for (const form of document.querySelectorAll("[data-near]")) {
  if (!navigator.geolocation) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    const field = form.elements.ici;
    if (field.value) return;
    event.preventDefault();
    const button = form.querySelector("button");
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(3)}, ${coords.longitude.toFixed(3)}`;
        form.submit();
      },
      () => {
        button.removeAttribute("aria-busy");
        document.getElementById("ou")?.focus();
      },
      { timeout: 8000, maximumAge: 60000 },
    );
  });
}
