// A message kept in a phone or in a folder may have grown too old since: it says so before anything else. The day is the
// telephone's own, as people count it: past midnight here, another day has begun in Greenwich or not yet.
const now = new Date();
const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
for (const old of document.querySelectorAll("[data-expires]")) {
  if (today > old.dataset.expires) old.hidden = false;
}
