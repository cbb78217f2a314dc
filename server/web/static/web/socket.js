/** A WebSocket that comes back: jittered backoff, a heartbeat, and codes that mean stop. */

const CONNECT_TIMEOUT = 5_000;
const HEARTBEAT = 25_000;
const PONG_TIMEOUT = 5_000;
const FIRST_DELAY = 500;
const LONGEST_DELAY = 10_000;
const STEADY_AFTER = 5_000;

/** No such project, deleted: nothing will ever come from this address again. */
const FINAL_CODES = [4404, 4410];

/**
 * Handlers: `up()` when it opens, `down()` once when it is lost or can't be opened, `message(data)`
 * for each parsed message, `ended()` when the server says that there is no point in trying.
 */
export class ReconnectingSocket {
  #url;
  #handlers;
  #socket = null;
  #failures = 0;
  #openedAt = Infinity;
  #isDown = false;
  #hasEnded = false;
  #retry;
  #connectDeadline;
  #heartbeat;
  #pongDeadline;

  constructor(url, handlers) {
    this.#url = url;
    this.#handlers = handlers;
    document.addEventListener("visibilitychange", () => document.hidden || this.#wake());
    window.addEventListener("online", () => this.#wake());
    // An open socket keeps a page out of the back/forward cache.
    window.addEventListener("pagehide", () => this.#drop());
    window.addEventListener("pageshow", (event) => event.persisted && this.#connect());
    this.#connect();
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Stops for good, without a word to the handlers. */
  end() {
    this.#hasEnded = true;
    this.#drop();
  }

  #connect() {
    if (this.#hasEnded) return;
    this.#drop();
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#connectDeadline = setTimeout(() => this.#lost(), CONNECT_TIMEOUT);
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => this.#received(JSON.parse(data));
    socket.onclose = ({ code }) => this.#closed(code);
  }

  #opened() {
    clearTimeout(this.#connectDeadline);
    this.#openedAt = performance.now();
    this.#isDown = false;
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

  #closed(code) {
    if (!FINAL_CODES.includes(code)) return this.#lost();
    this.end();
    this.#handlers.ended();
  }

  #lost() {
    const wasSteady = performance.now() - this.#openedAt > STEADY_AFTER;
    this.#drop();
    this.#failures = wasSteady ? 1 : this.#failures + 1;
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (this.#failures - 1));
    this.#retry = setTimeout(() => this.#connect(), delay * (0.5 + Math.random() / 2));
    if (this.#isDown) return;
    this.#isDown = true;
    this.#handlers.down();
  }

  #wake() {
    if (this.isOpen) this.#ping();
    else if (this.#socket === null) this.#connect();
  }

  /** Lets go of the socket at once; closing a half-open one can take minutes to be confirmed. */
  #drop() {
    clearTimeout(this.#retry);
    clearTimeout(this.#connectDeadline);
    clearTimeout(this.#pongDeadline);
    clearInterval(this.#heartbeat);
    this.#openedAt = Infinity;
    if (this.#socket === null) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }
}
