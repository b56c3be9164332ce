// A name is said by a voice of the device where it has one in its language; so is a code, figure by figure, else by recorded ones.
const voiceOf = (tag) =>
  window.speechSynthesis?.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(tag.toLowerCase()));
const figure = new Audio();

function play([first, ...others], sounds) {
  figure.src = sounds[first];
  figure.onended = () => others.length && play(others, sounds);
  figure.play();
}

function hush() {
  window.speechSynthesis?.cancel();
  figure.pause();
}

function say({ dataset: { say: said, sayLang, figures } }) {
  if (!figure.paused || window.speechSynthesis?.speaking) return hush();
  const voice = voiceOf(sayLang);
  if (!voice) return play([...said], figures.split(" "));
  const words = new SpeechSynthesisUtterance(/^\d+$/.test(said) ? [...said].join(", ") : said);
  Object.assign(words, { voice, lang: voice.lang, rate: 0.7 });
  speechSynthesis.speak(words);
}

function offer() {
  for (const button of document.querySelectorAll("[data-say]")) {
    button.hidden = !voiceOf(button.dataset.sayLang) && !button.dataset.figures;
  }
}
offer();
window.speechSynthesis?.addEventListener("voiceschanged", offer);

document.addEventListener("click", ({ target }) => {
  const said = target.closest("[data-say]");
  if (said) say(said);
  if (target.closest("[data-hide]")) hush();
});
