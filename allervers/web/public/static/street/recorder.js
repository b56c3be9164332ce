// Saying something: record, listen, again, send. Without this script the form sends a file.
// A sentence of the studio, or a film (`data-to`), leaves in pieces that a cut only delays, and stays in this browser until the
// server has it: a reload, a dead battery, a tunnel lose nothing. A film has no key to record with: the telephone films. A request for help leaves whole, and nothing of it stays in a telephone
// that is often shared: an open page tries until it is gone.
const STORE = "voices";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("studio", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

// Where a browser keeps nothing (private windows), the recording lives in the page only.
async function stored(act, mode = "readwrite") {
  try {
    const base = await opened();
    return await new Promise((resolve, reject) => {
      const asked = act(base.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } catch {
    return undefined;
  }
}

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const clockTime = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function soonOrOnline(delay) {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      window.removeEventListener("online", go);
      resolve();
    };
    const timer = setTimeout(go, delay);
    window.addEventListener("online", go);
  });
}

class Recorder {
  constructor(form) {
    this.form = form;
    this.blob = null;
    this.part("key")?.addEventListener("click", () => (this.running ? this.running.stop() : this.record()));
    this.part("send").addEventListener("click", () => this.leave());
    this.part("again").addEventListener("click", () => this.again());
    form.elements.file.addEventListener("change", () => this.take(form.elements.file.files[0]));
    this.rest();
  }

  rest() {
    this.state = this.part("key") && window.MediaRecorder && navigator.mediaDevices ? "ready" : "silent";
  }

  part(name) {
    return this.form.querySelector(`[data-${name}]`);
  }

  set state(state) {
    this.form.dataset.state = state;
    for (const one of this.form.querySelectorAll("[data-when]")) one.hidden = !one.dataset.when.split(" ").includes(state);
  }

  async record() {
    if (!this.form.reportValidity()) return;
    let microphone;
    try {
      microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      this.state = "silent";
      return;
    }
    const pieces = [];
    this.running = new MediaRecorder(microphone, { audioBitsPerSecond: 48000 });
    this.running.addEventListener("dataavailable", (event) => pieces.push(event.data));
    this.running.addEventListener("stop", () => {
      clearInterval(watch);
      microphone.getTracks().forEach((track) => track.stop());
      level.close();
      const type = this.running.mimeType;
      this.running = null;
      this.take(new Blob(pieces, { type }));
    });
    const level = new AudioContext();
    const listening = level.createAnalyser();
    level.createMediaStreamSource(microphone).connect(listening);
    const watch = this.watch(listening);
    this.running.start(1000);
    this.state = "recording";
  }

  // How loud and how long, twice a breath; stops by itself at the longest that is taken.
  watch(listening) {
    const samples = new Float32Array(listening.fftSize);
    const begun = Date.now();
    return setInterval(() => {
      listening.getFloatTimeDomainData(samples);
      this.part("level").value = Math.min(1, 3 * Math.max(...samples.map(Math.abs)));
      const seconds = Math.floor((Date.now() - begun) / 1000);
      this.part("time").textContent = clockTime(seconds);
      if (seconds >= Number(this.form.dataset.most)) this.running?.stop();
    }, 120);
  }

  take(blob) {
    const leaving = this.leaving;
    this.leaving = false;
    if (!blob) return;
    if (blob.size > Number(this.form.dataset.heaviest)) {
      this.state = "heavy";
      return;
    }
    this.blob = blob;
    this.part("mine").src = URL.createObjectURL(blob);
    this.state = "recorded";
    if (leaving) this.leave();
  }

  // Sent while still speaking: it stops, and leaves.
  leave() {
    this.leaving = Boolean(this.running);
    if (this.running) this.running.stop();
    else if (this.form.reportValidity()) this.send();
  }

  again() {
    this.insisting = null;
    this.part("mine").removeAttribute("src");
    this.form.elements.file.value = "";
    this.forget();
    this.rest();
  }

  forget() {
    this.blob = null;
  }

  // Until it is gone, or not wanted any more: an attempt throws where the network or the server fails.
  async insist(attempt) {
    const mine = (this.insisting = {});
    for (let wait = 1000; ; wait = Math.min(wait * 2, 30000)) {
      this.state = "sending";
      try {
        return await attempt();
      } catch {
        this.state = "kept";
        await soonOrOnline(wait);
        if (this.insisting !== mine) return undefined;
      }
    }
  }
}

class Sentence extends Recorder {
  constructor(form) {
    super(form);
    this.to = form.dataset.to;
    const owner = form.dataset.owner;
    this.place = owner ? `${owner} ${this.to}` : this.to;
    this.forgetOthers(owner);
    stored((store) => store.get(this.place), "readonly").then((kept) => kept && this.resume(kept));
  }

  // On a shared desk, what another person kept is neither sent in this one's name nor left for her to find.
  async forgetOthers(owner) {
    if (!owner) return;
    for (const key of (await stored((store) => store.getAllKeys(), "readonly")) ?? []) {
      if (!key.startsWith("/studio/") && !key.startsWith(`${owner} `)) stored((store) => store.delete(key));
    }
  }

  forget() {
    super.forget();
    return stored((store) => store.delete(this.place));
  }

  // This script once kept the recording alone.
  resume(kept) {
    const { blob, said } = kept instanceof Blob ? { blob: kept } : kept;
    if (!blob) return this.forget();
    this.blob = blob;
    return this.send(said);
  }

  // What the form says of it: the version of the French, the language of a film.
  said() {
    const { file, csrfmiddlewaretoken, ...said } = Object.fromEntries(new FormData(this.form));
    return said;
  }

  async send(said = this.said()) {
    this.state = "sending";
    const blob = this.blob;
    await stored((store) => store.put({ blob, said }, this.place));
    const sha256 = hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    return this.insist(() => this.pieces(blob, { ...said, sha256, total: blob.size }));
  }

  // What is there is asked again, and sending goes on from it.
  async pieces(blob, told) {
    let there = await this.ask({}, told);
    while (!there.done && !there.error) {
      this.part("sent").value = there.offset / blob.size;
      const body = blob.slice(there.offset, there.offset + Number(this.form.dataset.piece));
      there = await this.ask({ method: "POST", body }, { ...told, offset: there.offset });
    }
    if (!there.closed) await this.forget();
    if (there.error) this.part("told").textContent = there.error;
    this.state = there.error ? "refused" : "done";
    if (!there.error && this.form.dataset.after) location.assign(this.form.dataset.after);
  }

  async ask(how, what) {
    const token = this.form.elements.csrfmiddlewaretoken?.value;
    const headers = token ? { "x-csrftoken": token } : {};
    const answer = await fetch(`${this.to}?${new URLSearchParams(what)}`, { ...how, headers });
    if (answer.redirected || answer.status === 403) return { closed: true, error: this.form.dataset.closed };
    return answer.json();
  }
}

class Message extends Recorder {
  async send() {
    const said = new FormData(this.form);
    said.set("file", this.blob, "voice");
    const page = await this.insist(() => this.post(said));
    if (page === undefined) return;
    document.open();
    document.write(page);
    document.close();
  }

  // The same stamp twice is one request: an answer lost on its way is simply asked for again.
  async post(said) {
    const answer = await fetch(this.form.action, { method: "POST", body: said });
    if (answer.status >= 500) throw new Error(answer.status);
    return answer.text();
  }
}

if (window.crypto?.subtle && window.fetch) {
  for (const form of document.querySelectorAll("[data-recorder]")) {
    if (form.dataset.to) new Sentence(form);
    else new Message(form);
  }
}
