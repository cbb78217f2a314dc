/** Toasts: what was done, with a way back while there is one. */

import { ApiError } from "./api.js";
import { whenLeft } from "./edits.js";

const UNDO_TIME = 8_000;

/** Shows a sentence until it is dismissed, with a button for each action; answers the toast, to be taken away. */
export function say(place, sentence, actions = {}) {
  const toast = document.createElement("div");
  toast.className = "toast";
  const words = toast.appendChild(document.createElement("span"));
  words.role = "status";
  for (const [name, action] of Object.entries({ ...actions, ...(actions.Undo ? {} : { Dismiss() {} }) })) {
    const button = toast.appendChild(document.createElement("button"));
    button.type = "button";
    button.textContent = name;
    if (name === "Undo") button.ariaKeyShortcuts = "Control+Z";
    button.addEventListener("click", () => {
      toast.remove();
      action();
    });
  }
  place.append(toast);
  // Into a region that is there already, or nobody hears it.
  words.textContent = sentence;
  return toast;
}

/** Whether the keys that are pressed go into a text, which has an undo of its own. */
const isTyping = ({ target }) => target.matches("textarea, input:not([type=file], [type=checkbox], [type=color])");

/**
 * Deletes when the time to undo has passed, or when the page is left; until then nothing has happened on the server.
 * `remove(id)` does it then, and throws an ApiError where it can't be done. Ctrl+Z takes the newest one back, too.
 */
export class DelayedDeletions {
  #place;
  #remove;
  #onGone;
  #waiting = new Map();

  /** `onGone(id)` hears of each that was deleted at last. */
  constructor(place, remove, onGone = () => {}) {
    this.#place = place;
    this.#remove = remove;
    this.#onGone = onGone;
    whenLeft(() => void this.flush());
    window.addEventListener("keydown", (event) => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === "z";
      const newest = [...this.#waiting.keys()].findLast((id) => !this.#waiting.get(id).removal);
      if (!isUndo || isTyping(event) || newest === undefined) return;
      event.preventDefault();
      this.#undo(newest);
    });
  }

  /** How many wait to be deleted. */
  get size() {
    return this.#waiting.size;
  }

  /** Whether this one waits to be deleted. */
  has(id) {
    return this.#waiting.has(id);
  }

  /** Says it, and deletes later unless it is taken back first; `undo` hears of that. */
  add(id, sentence, undo) {
    const toast = say(this.#place, sentence, { Undo: () => this.#undo(id) });
    this.#waiting.set(id, { toast, undo });
    this.#wait(id);
  }

  /** Deletes at once what waits for it; promises whether all of it is gone. */
  async flush() {
    const removals = await Promise.all([...this.#waiting.keys()].map((id) => this.#carryOut(id)));
    return removals.every(Boolean);
  }

  /** Whoever is at the button is given the time again. */
  #wait(id) {
    const waiting = this.#waiting.get(id);
    waiting.timer = setTimeout(() => {
      if (waiting.toast.matches(":hover, :focus-within")) this.#wait(id);
      else this.#carryOut(id);
    }, UNDO_TIME);
  }

  #undo(id) {
    const { timer, toast, undo } = this.#waiting.get(id);
    clearTimeout(timer);
    toast.remove();
    this.#waiting.delete(id);
    undo();
  }

  #carryOut(id) {
    const waiting = this.#waiting.get(id);
    clearTimeout(waiting.timer);
    waiting.toast.remove();
    return (waiting.removal ??= this.#end(id, waiting));
  }

  async #end(id, { undo }) {
    try {
      await this.#remove(id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status !== 404) {
        this.#waiting.delete(id);
        undo();
        say(this.#place, `${error.message} Nothing was deleted.`);
        return false;
      }
    }
    this.#waiting.delete(id);
    this.#onGone(id);
    return true;
  }
}
