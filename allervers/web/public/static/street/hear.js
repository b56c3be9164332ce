// A knob plays its sound in place; without this script it is a link to the same sound.
const sound = new Audio();
let knob = null;

function rest() {
  knob?.removeAttribute("aria-pressed");
  knob?.removeAttribute("aria-busy");
  knob = null;
}

for (const event of ["ended", "error"]) sound.addEventListener(event, rest);
sound.addEventListener("playing", () => {
  knob?.removeAttribute("aria-busy");
  knob?.setAttribute("aria-pressed", "true");
  knob?.dispatchEvent(new Event("heard"));
});

// The bar of a whole message fills with what was heard of it.
sound.addEventListener("timeupdate", () => {
  const pieces = knob?.closest("[data-player]")?.querySelectorAll(".player__bar li") ?? [];
  const heard = sound.duration ? Math.round((sound.currentTime / sound.duration) * pieces.length) : 0;
  pieces.forEach((piece, place) => piece.toggleAttribute("data-done", place < heard));
});

document.addEventListener("click", (event) => {
  const touched = event.target.closest("[data-listen]");
  if (!touched) return;
  event.preventDefault();
  const again = touched === knob;
  sound.pause();
  rest();
  if (again) return;
  knob = touched;
  knob.setAttribute("aria-busy", "true");
  sound.src = touched.href;
  sound.play().catch(rest);
});

// Slower, for whoever learns the language; the next sounds too.
for (const key of document.querySelectorAll("[data-slow]")) {
  key.hidden = false;
  key.addEventListener("click", () => {
    const isSlow = key.getAttribute("aria-pressed") === "false";
    key.setAttribute("aria-pressed", isSlow);
    sound.defaultPlaybackRate = sound.playbackRate = isSlow ? 0.75 : 1;
  });
}
