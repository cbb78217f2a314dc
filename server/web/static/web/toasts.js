/** Toasts: what was done, with a way back while there is one. */

const UNDO_TIME = 8_000;

/** Shows a sentence until it is dismissed, with a button for each action; answers a function that takes it away. */
export function say(place, sentence, actions = {}) {
  const toast = document.createElement("div");
  toast.className = "toast";
  const words = toast.appendChild(document.createElement("span"));
  words.role = "status";
  for (const [name, action] of Object.entries({ ...actions, ...(actions.Undo ? {} : { Dismiss() {} }) })) {
    const button = toast.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => {
      toast.remove();
      action();
    });
  }
  place.append(toast);
  // Into a region that is there already, or nobody hears it.
  words.textContent = sentence;
  return () => toast.remove();
}

/**
 * Deletes when the time to undo has passed, or when the page is left; until then nothing has happened on the server.
 * `address(id)` is what DELETE is sent to.
 */
export class DelayedDeletions {
  #place;
  #address;
  #waiting = new Map();

  constructor(place, address) {
    this.#place = place;
    this.#address = address;
    window.addEventListener("pagehide", () => [...this.#waiting.keys()].forEach((id) => this.#carryOut(id)));
  }

  /** Whether a project waits to be deleted. */
  has(id) {
    return this.#waiting.has(id);
  }

  /** Says it, and deletes later unless `undo` is called first. */
  add(id, sentence, undo) {
    const timer = setTimeout(() => this.#carryOut(id), UNDO_TIME);
    const close = say(this.#place, sentence, {
      Undo: () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        undo();
      },
    });
    this.#waiting.set(id, { timer, close, undo });
  }

  async #carryOut(id) {
    const { timer, close, undo } = this.#waiting.get(id);
    clearTimeout(timer);
    close();
    let failure = "The server can’t be reached.";
    try {
      // Goes on when the page is gone.
      const response = await fetch(this.#address(id), { method: "DELETE", keepalive: true });
      if (response.ok || response.status === 404) failure = "";
      else failure = `The server answered with an error (${response.status}).`;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    this.#waiting.delete(id);
    if (!failure) return;
    undo();
    say(this.#place, `${failure} Nothing was deleted.`);
  }
}
