/** A time left that doesn't jump. */

import { timeLeft } from "./words.js";

/** How fast a new measure replaces what was said: its share, a second. */
const SMOOTHING = 0.25;

export class TimeLeft {
  #render;
  #end;
  #at;

  /** What to say of a render that runs; an empty text while nothing is known. */
  of({ created_at, updated_at, eta_seconds }) {
    if (eta_seconds === null) return "";
    const now = Date.parse(updated_at) / 1000;
    const end = now + eta_seconds;
    if (this.#render === created_at) {
      this.#end += (end - this.#end) * (1 - (1 - SMOOTHING) ** (now - this.#at));
    } else {
      this.#render = created_at;
      this.#end = end;
    }
    this.#at = now;
    return timeLeft(Math.max(0, this.#end - now));
  }
}
