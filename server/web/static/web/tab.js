/** What is seen of a render while the page isn't: the tab's title and icon, and a notification at its end. */

const SIZE = 32;
/** Percent from one drawing of the icon to the next: four pixels of its ring. */
const STEP = 5;

const TRACK = "#8884";
const FILL = "#3b82f6";

export class Tab {
  #name = document.title;
  #words = "";
  #icon = document.querySelector("link[rel=icon]");
  #plain = this.#icon.href;
  #drawn = "";
  #status;
  #button;

  /** `button` asks for the permission to tell of the end; it is never asked for by itself. */
  constructor(button, { status }) {
    this.#button = button;
    this.#status = status;
    button.hidden = !("Notification" in window) || Notification.permission !== "default";
    button.addEventListener("click", async () => {
      await Notification.requestPermission();
      button.hidden = Notification.permission !== "default";
    });
  }

  /** Takes another title, which was given on another page. */
  rename(title) {
    this.#name = `${title} · Rushes`;
    this.#entitle();
  }

  /** Draws a newer status body; not from an animation frame, which a hidden tab never gets. */
  show({ status, render }) {
    const percent = Math.floor((render?.overall_progress ?? 0) * 100);
    this.#words = { PROCESSING: `${percent}% · `, FAILED: render?.error?.code === "cancelled" ? "" : "Failed · " }[status] ?? "";
    this.#entitle();
    this.#drawIcon(status, percent);
    if (this.#status === "PROCESSING" && status !== "PROCESSING") this.#notify(status, render);
    this.#status = status;
  }

  #entitle() {
    if (document.title !== this.#words + this.#name) document.title = this.#words + this.#name;
  }

  #drawIcon(status, percent) {
    const filled = percent - (percent % STEP);
    const drawn = status === "PROCESSING" ? `${filled}` : status;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#icon.type = status === "PROCESSING" ? "image/png" : "image/svg+xml";
    this.#icon.href = status === "PROCESSING" ? ring(filled / 100) : this.#plain;
  }

  #notify(status, { error }) {
    const isWatched = !document.hidden && document.hasFocus();
    if (isWatched || !("Notification" in window) || Notification.permission !== "granted") return;
    if (error?.code === "cancelled") return;
    const notice = new Notification(this.#name, {
      body: status === "COMPLETED" ? "The video is ready." : error.message,
      icon: this.#plain,
      tag: location.pathname,
    });
    notice.onclick = () => window.focus();
  }
}

/** The address of a ring that is filled so far; it holds the picture, as a browser may ask for an icon late. */
function ring(share) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIZE, height: SIZE });
  const pen = canvas.getContext("2d");
  const half = SIZE / 2;
  pen.lineWidth = 7;
  for (const [to, style] of [[1, TRACK], [share, FILL]]) {
    pen.beginPath();
    pen.arc(half, half, half - 4, -Math.PI / 2, (to * 2 - 0.5) * Math.PI);
    pen.strokeStyle = style;
    pen.stroke();
  }
  return canvas.toDataURL();
}
