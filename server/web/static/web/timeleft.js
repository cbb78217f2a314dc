/** A time left that is only said once it can be relied on, and that doesn't jump. */

import { timeLeft } from "./words.js";

const FIRST_SECONDS = 5;
const FIRST_SHARE = 0.1;
/** A render so long that a tenth of it would keep a person waiting says it after this many seconds. */
const LONG_SECONDS = 30;
/** How fast a new measure replaces what was said: its share, a second. */
const SMOOTHING = 0.25;

export class TimeLeft {
  #render = {};
  #first;
  #end;
  #at;

  /** What to say of a render that runs; an empty text while there is nothing steady to say. */
  of({ created_at, started_at, updated_at, overall_progress, eta_seconds }) {
    if (this.#render !== created_at) {
      this.#render = created_at;
      this.#first = overall_progress;
      this.#end = undefined;
    }
    const now = Date.parse(updated_at) / 1000;
    const elapsed = now - Date.parse(started_at) / 1000;
    const share = (overall_progress - this.#first) / (1 - this.#first);
    if (eta_seconds === null || !(elapsed >= FIRST_SECONDS)) return "";
    if (share < FIRST_SHARE && elapsed < LONG_SECONDS) return "";
    const weight = this.#end === undefined ? 1 : 1 - (1 - SMOOTHING) ** (now - this.#at);
    const end = now + eta_seconds;
    this.#end = this.#end === undefined ? end : this.#end + (end - this.#end) * weight;
    this.#at = now;
    return timeLeft(Math.max(0, this.#end - now));
  }
}
