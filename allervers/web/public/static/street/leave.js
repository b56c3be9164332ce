// "Hide" leaves at once and takes its page out of the history; no page that was there to be hidden comes back in this tab by the
// browser's Back. Once a request left, its questions come back empty: whoever holds the telephone next reads no code. Printing is
// offered where it works. A browser that keeps nothing leaves all the same.
const exit = document.querySelector("[data-hide]");
const [arrival] = performance.getEntriesByType("navigation");
const cameBack = arrival?.type === "back_forward";

function recall(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

function remember(name) {
  try {
    sessionStorage.setItem(name, Date.now());
  } catch {}
}

const differs = (name) => recall(name) !== (history.state?.[name] ?? null);
const wasHidden = () => exit && differs("hidden");

function leave() {
  document.documentElement.hidden = true;
  location.replace(exit.href);
}

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest("[data-hide]")) {
    event.preventDefault();
    remember("hidden");
    leave();
  }
  if (target.closest("button[data-print]")) print();
});
for (const printed of document.querySelectorAll("[data-print]")) printed.hidden = false;
addEventListener("pageshow", ({ persisted }) => {
  if (persisted && wasHidden()) leave();
  else if (persisted && question && differs("sent")) location.reload();
});

// The browser's Back asks the question before again: each keeps, in its own place of this tab's history, the answers that lead to
// it. No browser keeps these pages, and a form sent again by the browser itself would be an error.
const question = document.querySelector("[data-question]");
if (document.querySelector("[data-receipt]")) remember("sent");
if (cameBack && wasHidden()) leave();
else if (question) {
  const led = [...question.querySelectorAll("[type=hidden]")].map(({ name, value }) => [name, value]);
  const former = differs("sent") ? [] : (history.state?.led ?? []);
  if (former.length > led.length) {
    for (const [name, value] of former) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      question.append(field);
    }
    question.submit();
  } else history.replaceState({ led, hidden: recall("hidden"), sent: recall("sent") }, "");
}
