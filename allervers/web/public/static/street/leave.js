// "Hide" leaves at once, and this page leaves the history with it; a code is said by a voice of the device itself, never by one
// that a third party computes; printing is offered where it works.
document.addEventListener("click", (event) => {
  const hide = event.target.closest("[data-hide]");
  if (hide) {
    event.preventDefault();
    location.replace(hide.href);
  }
  if (event.target.closest("[data-print]")) print();
  const said = event.target.closest("[data-say]");
  if (said) say(said);
});
for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;

const voiceOf = (tag) =>
  window.speechSynthesis?.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(tag));

function say(button) {
  const words = new SpeechSynthesisUtterance([...button.dataset.say].join(", "));
  words.voice = voiceOf(button.dataset.sayLang);
  words.lang = words.voice.lang;
  words.rate = 0.7;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
}

function offer() {
  for (const button of document.querySelectorAll("[data-say]")) button.hidden = !voiceOf(button.dataset.sayLang);
}
if (window.speechSynthesis) {
  offer();
  speechSynthesis.addEventListener("voiceschanged", offer);
}
