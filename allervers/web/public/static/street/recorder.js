// Saying a sentence: record, listen, again, send in pieces that a cut only delays. Without this script the form sends a file.
// What was recorded stays in this browser until the server has it: a reload, a dead battery, a tunnel lose nothing.
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
    this.place = form.dataset.to;
    this.blob = null;
    this.part("key").addEventListener("click", () => (this.running ? this.running.stop() : this.record()));
    this.part("send").addEventListener("click", () => this.send());
    this.part("again").addEventListener("click", () => this.again());
    form.elements.file.addEventListener("change", () => this.take(form.elements.file.files[0]));
    this.state = window.MediaRecorder && navigator.mediaDevices ? "ready" : "silent";
    stored((store) => store.get(this.place), "readonly").then((kept) => kept && this.resume(kept));
  }

  part(name) {
    return this.form.querySelector(`[data-${name}]`);
  }

  set state(state) {
    this.form.dataset.state = state;
    for (const one of this.form.querySelectorAll("[data-when]")) one.hidden = !one.dataset.when.split(" ").includes(state);
  }

  async record() {
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
    if (!blob) return;
    if (blob.size > Number(this.form.dataset.heaviest)) {
      this.state = "heavy";
      return;
    }
    this.blob = blob;
    this.part("mine").src = URL.createObjectURL(blob);
    this.state = "recorded";
  }

  again() {
    this.part("mine").removeAttribute("src");
    this.form.elements.file.value = "";
    this.forget();
    this.state = window.MediaRecorder && navigator.mediaDevices ? "ready" : "silent";
  }

  forget() {
    this.blob = null;
    return stored((store) => store.delete(this.place));
  }

  resume(kept) {
    this.blob = kept;
    this.send();
  }

  async send() {
    this.state = "sending";
    const blob = this.blob;
    await stored((store) => store.put(blob, this.place));
    const sha256 = hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    const told = { sha256, total: blob.size, version: this.form.elements.version.value };
    for (let wait = 1000; ; wait = Math.min(wait * 2, 30000)) {
      try {
        return await this.pieces(blob, told);
      } catch {
        this.state = "kept";
        await soonOrOnline(wait);
        this.state = "sending";
      }
    }
  }

  // Throws where the network or the server fails: what is there is asked again, and sending goes on from it.
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
  }

  async ask(how, what) {
    const answer = await fetch(`${this.place}?${new URLSearchParams(what)}`, how);
    return answer.json();
  }
}

if (window.crypto?.subtle && window.fetch) {
  for (const form of document.querySelectorAll("[data-recorder]")) new Recorder(form);
}
