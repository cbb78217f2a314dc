/** Edits of one project: made on this page, heard by every other one that this browser has open. */

import { ApiError, call } from "./api.js";

const CHANNEL = "rushes-edits";
/** A page may be told of several edits at once, and be looked at again in the same moment. */
const REST = 50;

/** A page that is left can't tell when its last edits have arrived: by then they have. */
const ARRIVAL = 1_000;

const listeners = [];
const leaving = [];
/** The project of each edit that is on its way. */
const underWay = [];
let channel = open();

function open() {
  const opened = new BroadcastChannel(CHANNEL);
  opened.addEventListener("message", ({ data: { project, isLeft } }) => {
    const tell = () => listeners.forEach((listener) => listener(project));
    tell();
    if (isLeft) setTimeout(tell, ARRIVAL);
  });
  return opened;
}

// A page in the back/forward cache is told nothing, or it would be thrown out.
window.addEventListener("pagehide", () => {
  leaving.forEach((action) => action());
  for (const project of new Set(underWay)) channel.postMessage({ project, isLeft: true });
  channel.close();
});
window.addEventListener("pageshow", ({ persisted }) => persisted && (channel = open()));

/** Calls `onEdit(id)` with each project that another page has edited. */
export const hearEdits = (onEdit) => listeners.push(onEdit);

/** Calls `action()` when the page is left; the others are told of what it edits. */
export const whenLeft = (action) => leaving.push(action);

/** Tells the other pages that a project was edited. */
export function tellOfEdit(id) {
  try {
    channel.postMessage({ project: id });
  } catch (error) {
    // This page was left meanwhile.
    if (error.name !== "InvalidStateError") throw error;
  }
}

export class Edits {
  #id;
  #take;
  #made = 0;
  #isStale = false;
  #isReading = false;
  #timer;

  /** `take(project)` hears the project when another page may have edited it. */
  constructor(id, take) {
    this.#id = id;
    this.#take = take;
    hearEdits((edited) => edited === id && this.refreshSoon());
    // Another browser's edits are seen as soon as somebody looks.
    window.addEventListener("focus", () => this.refreshSoon());
    document.addEventListener("visibilitychange", () => document.hidden || this.refreshSoon());
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.refreshSoon());
    if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") this.refreshSoon(); // the browser may have kept this page as it was
  }

  /** Makes one edit and tells the others; answers what it answers. */
  async make(edit) {
    underWay.push(this.#id);
    try {
      return await edit();
    } finally {
      underWay.pop();
      this.#made++;
      tellOfEdit(this.#id);
      if (this.#isStale) this.refreshSoon();
    }
  }

  /** Reads the project anew in a moment. */
  refreshSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), REST);
  }

  /** What was read while an edit of this page was on its way may lack it, so it is read again. */
  async #refresh() {
    this.#isStale = true;
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#isStale && !underWay.length) {
      this.#isStale = false;
      const made = this.#made;
      const project = await this.#read();
      if (underWay.length || made !== this.#made) this.#isStale = true;
      else if (project && !this.#isStale) this.#take(project);
    }
    this.#isReading = false;
  }

  async #read() {
    try {
      return await call("GET", `projects/${this.#id}/`);
    } catch (error) {
      // The socket tells whether the project or the server is gone.
      if (!(error instanceof ApiError)) throw error;
      return null;
    }
  }
}
