// A message kept in a phone or in a folder may have grown too old since: it says so before anything else.
for (const old of document.querySelectorAll("[data-expires]")) {
  if (new Date().toISOString().slice(0, 10) > old.dataset.expires) old.hidden = false;
}
