// A passkey button shows only where the browser has passkeys; when the gesture is abandoned, a sentence says what to do.
for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = !window.PublicKeyCredential;
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const part of document.querySelectorAll("[data-passkey-failed]")) part.hidden = false;
});
