// "Hide" leaves at once, and this page leaves the history with it; no page that could be hidden comes back in this tab by the
// browser's Back. A code is said by a voice of the device itself, never by one that a third party computes; printing is offered
// where it works.
const [arrival] = performance.getEntriesByType("navigation");
const exit = document.querySelector("[data-hide]");
const isHidden = exit && arrival?.type === "back_forward" && sessionStorage.getItem("hidden");
if (isHidden) location.replace(exit.href);
document.addEventListener("click", (event) => {
  const hide = event.target.closest("[data-hide]");
  if (hide) {
    event.preventDefault();
    sessionStorage.setItem("hidden", "1");
    location.replace(hide.href);
  }
  if (event.target.closest("button[data-print]")) print();
  const said = event.target.closest("[data-say]");
  if (said) say(said);
});
for (const printed of document.querySelectorAll("[data-print]")) printed.hidden = false;

// The browser's Back asks the question before again: each keeps, in its own place of this tab's history, the answers that lead to
// it. No browser keeps these pages, and a form sent again by the browser itself would be an error.
const question = document.querySelector("[data-question]");
if (question && !isHidden) {
  const led = [...question.querySelectorAll("[type=hidden]")].map(({ name, value }) => [name, value]);
  const former = history.state?.led;
  if (former?.length > led.length) {
    for (const [name, value] of former) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      question.append(field);
    }
    question.submit();
  } else history.replaceState({ led }, "");
}

// A name is said by a voice of the device where it has one in its language; so is a code, figure by figure, else by recorded ones.
const voiceOf = (tag) =>
  window.speechSynthesis?.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(tag.toLowerCase()));
const figure = new Audio();

function play([first, ...others], sounds) {
  figure.src = sounds[first];
  figure.onended = () => others.length && play(others, sounds);
  figure.play();
}

function say({ dataset: { say: said, sayLang, figures } }) {
  const voice = voiceOf(sayLang);
  if (!voice) return play([...said], figures.split(" "));
  const words = new SpeechSynthesisUtterance(/^\d+$/.test(said) ? [...said].join(", ") : said);
  Object.assign(words, { voice, lang: voice.lang, rate: 0.7 });
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
}

function offer() {
  for (const button of document.querySelectorAll("[data-say]")) {
    button.hidden = !voiceOf(button.dataset.sayLang) && !button.dataset.figures;
  }
}
offer();
window.speechSynthesis?.addEventListener("voiceschanged", offer);
