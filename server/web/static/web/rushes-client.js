/**
 * Rushes' renders, live, in any page: `watchProject()` for programs, `<render-progress>` for documents.
 *
 * A module without a build step and without dependencies but the reconnecting socket that lies beside it.
 * The page's origin has to be in the server's CORS_ALLOWED_ORIGINS, unless it is the server's own.
 */

import ReconnectingWebSocket from "./vendor/partysocket-1.3.0/dist/ws.js";

const HEARTBEAT = 25_000;
const PONG_TIMEOUT = 5_000;
const POLL_INTERVAL = 3_000;
/** A socket that comes back within this time needs nobody to ask meanwhile. */
const POLL_GRACE = 1_500;
/** Spread over this time, the clients of a server that was restarted don't all return at once. */
const JITTER = 1_000;

/** Codes after which nothing will ever come from this address again, and what they mean. */
const FINAL = {
  4401: "not_signed_in",
  4403: "origin_not_allowed",
  4404: "not_found",
  4410: "deleted",
};

const TERMINAL = ["completed", "failed", "cancelled"];

/**
 * Whether `body` tells more than `held`. Late progress never overwrites how that same render ended.
 * Revisions order everything else, across reconnects and restarts.
 */
export function isNewer(body, held) {
  if (!held) return true;
  if (body.revision <= held.revision) return false;
  const ended = TERMINAL.includes(held.render?.state) && !TERMINAL.includes(body.render?.state);
  return !(ended && body.render && body.render.created_at === held.render.created_at);
}

/**
 * Follows one project of the server at `url`, like `https://films.example.com` or `https://example.com/rushes`.
 *
 * `onStatus(body)` hears the status body at once and each newer one; `held` is the newest that is known already.
 * `onConnection(state, reason)` hears `live`, `reconnecting`, `polling`, or `ended` with the reason.
 * Answers a function that ends it; its `now()` asks at once if there is no socket.
 */
export function watchProject(url, id, { onStatus, onConnection = () => {}, held = null }) {
  const root = url.replace(/\/$/, "");
  const receive = (body) => {
    if (!isNewer(body, held)) return;
    held = body;
    onStatus(body);
  };
  return follow(`${root}/ws/projects/${id}/`, {
    // The browser holds the answer's ETag and asks with it; nothing new costs no body.
    async ask() {
      const response = await fetch(`${root}/api/projects/${id}/status/`, { cache: "no-cache" });
      if (response.ok) receive(await response.json());
      return response.status;
    },
    message: ({ type, data }) => type === "status" && receive(data),
    onConnection,
  });
}

/**
 * Follows a WebSocket address; while it can't be reached, `ask()` is called every three seconds.
 *
 * `ask()` answers the status code of a response and throws a TypeError if there was none. `asksOnOpen` calls it
 * after each connect, too. The rest is as in `watchProject`.
 */
export function follow(address, { ask, asksOnOpen = false, message, onConnection }) {
  let timer;
  let hasEnded = false;
  const link = new Link(webSocketAddress(address), {
    up() {
      clearTimeout(timer);
      onConnection("live");
      if (asksOnOpen) poll();
    },
    down() {
      onConnection("reconnecting");
      pollIn(POLL_GRACE);
    },
    hidden: () => clearTimeout(timer),
    woken: () => link.isOpen || pollIn(0),
    message,
    ended: end,
  });

  function pollIn(delay) {
    clearTimeout(timer);
    timer = setTimeout(poll, delay);
  }

  async function poll() {
    let status = 0;
    try {
      status = await ask();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    if (hasEnded) return;
    if (status === 404) return end("not_found");
    if (link.isOpen) return;
    onConnection(status >= 200 && status < 400 ? "polling" : "reconnecting");
    pollIn(POLL_INTERVAL);
  }

  function end(reason) {
    stop();
    onConnection("ended", reason);
  }

  function stop() {
    hasEnded = true;
    clearTimeout(timer);
    link.end();
  }

  return Object.assign(stop, { now: () => hasEnded || link.isOpen || pollIn(0) });
}

function webSocketAddress(address) {
  const url = new URL(address, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/**
 * A WebSocket that comes back, with what partysocket leaves to us: jitter, a heartbeat, codes that mean stop, and
 * the life of a page. Handlers: `up()`, `down()` once a loss, `message(data)`, `hidden()`, `woken()`, `ended(reason)`.
 */
class Link {
  #address;
  #handlers;
  #socket = null;
  #isDown = false;
  #heartbeat;
  #pongDeadline;
  #listening = new AbortController();

  constructor(address, handlers) {
    this.#address = address;
    this.#handlers = handlers;
    const { signal } = this.#listening;
    document.addEventListener("visibilitychange", () => document.hidden || this.#wake(), { signal });
    window.addEventListener("online", () => this.#wake(), { signal });
    // Long before a heartbeat would show it; a server that can be reached all the same is back at once.
    window.addEventListener("offline", () => this.#lost(), { signal });
    // An open socket keeps a page out of the back/forward cache.
    window.addEventListener("pagehide", () => this.#hide(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && this.#connect(), { signal });
    this.#connect();
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Ends it for good, without a word to the handlers. */
  end() {
    this.#listening.abort();
    this.#drop();
  }

  #connect() {
    this.#drop();
    let attempts = 0;
    const address = async () => {
      if (attempts++) await new Promise((resolve) => setTimeout(resolve, Math.random() * JITTER));
      return this.#address;
    };
    const socket = new ReconnectingWebSocket(address, null, {
      minReconnectionDelay: 500,
      maxReconnectionDelay: 10_000,
      reconnectionDelayGrowFactor: 1.6,
      maxEnqueuedMessages: 0,
      shouldReconnectOnClose: ({ code }) => !(code in FINAL),
    });
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#received(JSON.parse(data));
    socket.onclose = ({ code }) => this.#closed(code);
  }

  #opened() {
    this.#isDown = false;
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => this.#ping(), HEARTBEAT);
    this.#handlers.up();
  }

  #received(message) {
    clearTimeout(this.#pongDeadline);
    if (message.type !== "pong") this.#handlers.message(message);
  }

  /** After sleep a socket can be open on this side only; silence after a ping shows it. */
  #ping() {
    this.#socket.send('{"type": "ping"}');
    clearTimeout(this.#pongDeadline);
    this.#pongDeadline = setTimeout(() => this.#lost(), PONG_TIMEOUT);
  }

  /** Lets go of a half-open socket: closing it properly can take minutes to be confirmed. */
  #lost() {
    this.#connect();
    this.#tellOfLoss();
  }

  #closed(code) {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#pongDeadline);
    if (code in FINAL) this.#handlers.ended(FINAL[code]);
    else this.#tellOfLoss();
  }

  #tellOfLoss() {
    if (this.#isDown) return;
    this.#isDown = true;
    this.#handlers.down();
  }

  #wake() {
    if (this.isOpen) this.#ping();
    else this.#connect();
    this.#handlers.woken();
  }

  #hide() {
    this.#drop();
    this.#handlers.hidden();
  }

  #drop() {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#pongDeadline);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

const SENTENCES = {
  live: "",
  reconnecting: "Reconnecting…",
  polling: "No live connection. Checking every 3 seconds.",
  ended: "This project can’t be watched.",
};

const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
  :host { display: block; }
  :host([hidden]) { display: none; }
  progress { display: block; inline-size: 100%; }
  p { margin: 0.25em 0 0; font-variant-numeric: tabular-nums; }
  p:empty { display: none; }
  [role="status"] { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
`);

/**
 * `<render-progress src="https://films.example.com" project="6f1c…" label="Holiday">` shows a render as it goes.
 *
 * Parts for CSS: `bar`, `line`, `phase`, `connection`. A `status` event carries each status body as its `detail`.
 */
export class RenderProgress extends HTMLElement {
  static observedAttributes = ["src", "project", "label"];
  #stop = null;
  #told = "";
  #bar = element("progress", { max: 1, value: 0 }, "bar");
  #line = element("p", {}, "line");
  #phase = element("p", {}, "phase");
  #connection = element("p", {}, "connection");
  #announcer = element("p", { role: "status" });

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [STYLE];
    root.append(this.#bar, this.#line, this.#phase, this.#connection, this.#announcer);
  }

  connectedCallback() {
    this.#watch();
  }

  disconnectedCallback() {
    this.#stop?.();
    this.#stop = null;
  }

  attributeChangedCallback(name, before, value) {
    if (name === "label") this.#bar.ariaLabel = value;
    else if (this.isConnected && before !== value) this.#watch();
  }

  #watch() {
    this.#stop?.();
    this.#stop = null;
    this.#bar.ariaLabel ??= "Render progress";
    this.#told = "";
    const project = this.getAttribute("project");
    if (!project) return;
    this.#stop = watchProject(this.getAttribute("src") ?? "", project, {
      onStatus: (body) => this.#show(body),
      onConnection: (state) => (this.#connection.textContent = SENTENCES[state]),
    });
  }

  #show(body) {
    const { status, progress, render } = body;
    this.dataset.status = status;
    this.#bar.value = render?.overall_progress ?? 0;
    this.#line.textContent = progress
      ? `Segment ${progress.current_segment} of ${progress.total_segments} (${progress.percentage}%)`
      : "";
    this.#phase.textContent = render?.error?.message ?? progress?.current_phase ?? "Not rendered yet";
    this.#announce(status, render);
    this.dispatchEvent(new CustomEvent("status", { detail: body }));
  }

  /** Start, quarters and the end: more would be chatter. */
  #announce(status, render) {
    const quarter = Math.floor((render?.overall_progress ?? 0) * 4) * 25;
    const words = {
      DRAFT: "",
      PROCESSING: quarter ? `${quarter} percent rendered.` : "Render started.",
      COMPLETED: "The video is ready.",
      FAILED: render?.error?.message ?? "The render failed.",
    }[status];
    if (words !== this.#told) this.#announcer.textContent = this.#told = words;
  }
}

function element(name, properties, part) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  if (part) made.part = part;
  return made;
}

customElements.get("render-progress") ?? customElements.define("render-progress", RenderProgress);
