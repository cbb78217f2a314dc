/** The segments of a project: the chosen one is edited, saved as it is typed, moved and removed. */

import { ApiError, call, located, upload } from "./api.js";
import { whenLeft } from "./edits.js";
import { fieldErrors } from "./forms.js";
import { DelayedDeletions } from "./toasts.js";
import { lacksOf, lengthOf } from "./words.js";

const SAVE_DELAY = 600;
const EDITED = ["text_content", "duration", "motion", "fit", "transition"];
/** What may be left to the sound or to the film: an empty control says so. */
const NULLABLE = new Set(["duration", "transition"]);
/** Where nothing stays of what was refused: a file, or with no name a move. */
const DROPPED = ["image_file", "audio_file", ""];

export class SegmentList {
  #place;
  #path;
  /** In the order of the film; only the chosen one is in the page. */
  #rows = [];
  #chosen = null;
  #failure = null;
  #edits;
  #deletions;
  /** The ids in the order that the server has them, with those that wait to be deleted. */
  #stored;
  /** One order after the other, or an earlier one could win. */
  #storing = Promise.resolve();
  #onChange;
  #onChoose;
  #onRefused;

  /**
   * `edits` makes the changes; `toasts` is where a deletion can be undone. `onChange(segments)` is called
   * whenever what is known of the segments changes, `onChoose(segment, number, total)` when another one is chosen or the
   * chosen one changes, with null where there is none; `onRefused(id, isRefused)` when the server has something against
   * what was entered, and when it has no more.
   */
  constructor(place, project, { edits, toasts, onChange, onChoose, onRefused }) {
    this.#place = place;
    this.#path = `projects/${project.id}/segments/`;
    this.#edits = edits;
    const remove = (id) => edits.make(() => call("DELETE", `${this.#path}${id}/`));
    this.#deletions = new DelayedDeletions(toasts, remove, (id) => this.#forget(id));
    whenLeft(() => void this.saved());
    this.#onChange = onChange;
    this.#onChoose = onChoose;
    this.#onRefused = onRefused;
    this.take(project.segments);
  }

  /** The segments in their order, as the server last gave them; without those that wait to be deleted. */
  get segments() {
    return this.#rows.map(({ segment }) => segment);
  }

  /** Whether nothing waits to be deleted. */
  get isSettled() {
    return this.#deletions.size === 0;
  }

  /** Sends what waits to be saved or deleted; promises whether nothing came back. Leads to what did not arrive. */
  async settle() {
    const [areGone] = await Promise.all([this.#deletions.flush(), this.saved(), this.#storing]);
    const late = this.#rows.find(({ unsent }) => unsent);
    if (!late) return areGone;
    this.#choose(late);
    late.unsent.focus();
    return false;
  }

  /** Sends what was typed, and again what did not arrive; promises that each was tried. */
  saved() {
    return Promise.all(this.#rows.map((row) => row.saved()));
  }

  /** Takes the segments as the server has them; what is being edited is left alone. */
  take(segments) {
    const known = new Map(this.#rows.map((row) => [row.segment.id, row]));
    const place = this.#rows.indexOf(this.#chosen);
    this.#stored = segments.map(({ id }) => id);
    this.#rows = segments
      .filter(({ id }) => !this.#deletions.has(id))
      .map((segment) => known.get(segment.id)?.take(segment) ?? this.#make(segment));
    if (this.#chosen && !this.#rows.includes(this.#chosen)) this.#chooseAt(place);
    this.#changed();
  }

  /** The row of the chosen segment; null where there is none. */
  get chosen() {
    return this.#chosen;
  }

  /** Shows one segment to be edited; says whether there is one of that id. */
  choose(id) {
    const row = this.#rows.find(({ segment }) => segment.id === id);
    if (row) this.#choose(row);
    return Boolean(row);
  }

  /** The id of the segment so many places after the chosen one; undefined where the film ends. */
  neighbour(step) {
    return this.#rows[this.#rows.indexOf(this.#chosen) + step]?.segment.id;
  }

  /** Says at its segment what a render failed of. */
  showFailure({ status, render }) {
    const failure = status === "FAILED" && render?.error?.segment_id ? render.error : null;
    if (failure?.segment_id === this.#failure?.segment_id && failure?.message === this.#failure?.message) return;
    this.#failure = failure;
    this.#drawChosen();
  }

  /** Makes a segment at the end, from a picture if there is one. */
  async add(fields, onProgress) {
    const segment = await this.#edits.make(() => upload("POST", this.#path, fields, onProgress));
    const row = this.#make(segment);
    this.#stored.push(segment.id);
    this.#rows.push(row);
    this.#changed();
    return row;
  }

  #make(segment) {
    const row = new SegmentRow(segment, `${this.#path}${segment.id}/`, this.#edits, {
      changed: () => this.#changed(),
      move: (step) => this.#moveTo(row, this.#rows.indexOf(row) + step),
      remove: () => this.#remove(row),
      refused: (isRefused) => this.#onRefused(segment.id, isRefused),
    });
    return row;
  }

  /** Puts a segment at another place, counted from 0. */
  moveTo(id, place) {
    return this.#moveTo(this.#rows.find(({ segment }) => segment.id === id), place);
  }

  async #moveTo(row, place) {
    const before = [...this.#rows];
    const from = before.indexOf(row);
    if (place === from || !before[place]) return;
    this.#rows.splice(from, 1);
    this.#rows.splice(place, 0, row);
    this.#changed();
    document.querySelector("#announcer").textContent = `Segment ${from + 1} is now segment ${place + 1} of ${before.length}.`;
    try {
      await this.#store();
    } catch (error) {
      const added = this.#rows.filter((other) => !before.includes(other));
      this.#rows = [...before.filter((other) => this.#rows.includes(other)), ...added];
      this.#changed();
      row.showError(error);
    }
  }

  /** Tells the server the order that is shown; what waits to be deleted is still there, at the end. */
  async #store() {
    const shown = this.segments.map(({ id }) => id);
    const order = [...shown, ...this.#stored.filter((id) => this.#deletions.has(id))];
    const before = this.#stored;
    if (order.join() === before.join()) return;
    this.#stored = order;
    const sent = this.#edits.make(() => this.#storing.then(() => call("POST", `${this.#path}reorder/`, { order })));
    this.#storing = sent.catch(() => {});
    try {
      await sent;
    } catch (error) {
      if (this.#stored === order) this.#stored = before;
      throw error;
    }
  }

  #remove(row) {
    const place = this.#rows.indexOf(row);
    this.#rows.splice(place, 1);
    const after = this.#rows.slice(place);
    this.#deletions.add(row.segment.id, `Segment ${place + 1} was deleted.`, () => {
      const next = after.find((other) => this.#rows.includes(other));
      this.#rows.splice(next ? this.#rows.indexOf(next) : this.#rows.length, 0, row);
      this.#choose(row);
      this.#changed();
      row.element.focus();
      this.#store().catch((error) => row.showError(error));
    });
    if (row === this.#chosen) this.#chooseAt(place);
    this.#changed();
    this.#focusChosen();
  }

  #forget(id) {
    this.#stored = this.#stored.filter((stored) => stored !== id);
    this.#changed();
  }

  /** Chooses what stands now where the chosen one was; the focus goes along. */
  #chooseAt(place) {
    const hadFocus = this.#place.contains(document.activeElement);
    this.#choose(this.#rows[place] ?? this.#rows.at(-1) ?? null);
    if (hadFocus) this.#focusChosen();
  }

  /** Where no segment is left, the focus goes to what brings the next one. */
  #focusChosen() {
    (this.#chosen?.element ?? document.querySelector("#pictures")).focus();
  }

  #choose(row) {
    if (row === this.#chosen) return;
    this.#chosen = row;
    this.#place.replaceChildren(...(row ? [row.element] : []));
    this.#drawChosen();
  }

  #changed() {
    if (!this.#chosen && this.#rows.length) this.#choose(this.#rows[0]);
    this.#onChange(this.segments);
    this.#drawChosen();
  }

  #drawChosen() {
    const row = this.#chosen;
    const number = this.#rows.indexOf(row) + 1;
    const failure = this.#failure?.segment_id === row?.segment.id ? this.#failure : null;
    row?.draw(number, this.#rows.length, failure?.message);
    this.#onChoose(row?.segment ?? null, number, this.#rows.length);
  }
}

/** One segment's controls; they are made when it is first chosen, and stay: what is being sent goes on. */
class SegmentRow {
  #element = null;
  #actions;
  #edits;
  #errors;
  #saves = Promise.resolve();
  /** How many changes of each field are on their way. */
  #saving = {};
  #timers = {};
  /** The newest change of each field that did not arrive, as the server was away or out of order. */
  #unsent = {};
  /** What the server has or is about to have, so that nothing is sent twice. */
  #sent;

  constructor(segment, path, edits, actions) {
    this.segment = segment;
    this.path = path;
    this.#edits = edits;
    this.#actions = actions;
    this.#sent = { ...segment };
  }

  get element() {
    if (!this.#element) this.#make();
    return this.#element;
  }

  #make() {
    this.#element = document.querySelector("#segment").content.firstElementChild.cloneNode(true);
    this.#errors = fieldErrors(this.#element);
    this.#element.id = `segment-${this.segment.id}`;
    for (const button of this.#element.querySelectorAll("[data-move]")) {
      button.addEventListener("click", () => button.ariaDisabled === "true" || this.#actions.move(Number(button.dataset.move)));
    }
    this.#find("[data-action=remove]").addEventListener("click", this.#actions.remove);
    for (const name of ["image_file", "audio_file"]) {
      this.#control(name).addEventListener("change", ({ target }) => this.#send(name, target));
    }
    this.#find("[data-action=remove-sound]").addEventListener("click", () => this.#change("audio_file", null));
    for (const name of EDITED) {
      this.#control(name).addEventListener("input", () => this.#saveSoon(name));
      this.#control(name).addEventListener("change", () => this.#save(name));
      this.#control(name).addEventListener("blur", () => this.#fill(name));
    }
  }

  /** Draws what the server holds, at its place among all; what is being typed is left alone. */
  draw(number, total, failure = "") {
    this.element.ariaLabel = `Segment ${number} of ${total}`;
    this.#find(".segment-number").textContent = number;
    const [back, forward] = this.element.querySelectorAll("[data-move]");
    const named = { [`Move segment ${number} back`]: back, [`Move segment ${number} forward`]: forward };
    for (const [name, button] of Object.entries(named)) button.ariaLabel = button.title = name;
    back.ariaDisabled = String(number === 1);
    forward.ariaDisabled = String(number === total);
    this.#control("transition").closest(".field").hidden = number === total;
    const remove = this.#find("[data-action=remove]");
    remove.ariaLabel = remove.title = `Delete segment ${number}`;
    this.#show(failure);
  }

  /** Takes what the server has; it may have come from another page. Answers itself. */
  take(segment) {
    this.segment = segment;
    for (const name of EDITED) if (!this.#saving[name] && !this.#unsent[name]) this.#sent[name] = segment[name];
    return this;
  }

  /** Sends what was typed, and again what did not arrive; promises that each was tried. */
  saved() {
    for (const name of Object.keys(this.#timers)) this.#save(name);
    for (const [name, change] of Object.entries(this.#unsent)) this.#inTurn(name, change);
    return this.#saves;
  }

  /** The first control whose change did not arrive; undefined where all did. */
  get unsent() {
    const [name] = Object.keys(this.#unsent);
    return name && this.#control(name);
  }

  showError(error) {
    if (!this.#element) this.#make();
    this.#errors.show(error);
    this.#actions.refused(true);
  }

  #show(failure) {
    const { image_file, audio_file, audio_seconds } = this.segment;
    const needs = lacksOf(this.segment);
    const notice = this.#find(".needs");
    notice.hidden = !needs.length && !failure;
    notice.dataset.kind = failure ? "failed" : "incomplete";
    this.#find(".needs-words").textContent = failure || `This segment needs ${needs.join(" and ")}.`;
    this.#find(".picture-words").textContent = image_file ? "Replace" : "Add picture";
    this.#control("image_file").ariaLabel = image_file ? "Replace the picture" : "Add picture";
    this.#showSound(located(audio_file));
    this.#find(".sound-words").textContent = audio_file ? `${lengthOf(audio_seconds)} · Replace` : "Add sound";
    this.#control("audio_file").ariaLabel = audio_file ? `Replace the sound of ${lengthOf(audio_seconds)}` : "Add sound";
    this.#find("[data-action=remove-sound]").hidden = !audio_file;
    this.#control("duration").placeholder = audio_seconds ? Number(audio_seconds.toFixed(2)) : "";
    for (const name of EDITED) if (this.#control(name) !== document.activeElement) this.#fill(name);
  }

  /** Shows what the server has in a field, unless something else was typed there that it has not taken. */
  #fill(name) {
    const control = this.#control(name);
    const value = String(this.segment[name] ?? "");
    if (control.value === value || this.#timers[name] || this.#saving[name] || control.ariaInvalid) return;
    control.value = value;
  }

  #showSound(url) {
    const player = this.#find("audio");
    player.hidden = !url;
    player.controls = Boolean(url);
    if (!url) player.removeAttribute("src");
    else if (player.getAttribute("src") !== url) player.src = url;
  }

  #saveSoon(name) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(() => this.#save(name), SAVE_DELAY);
  }

  #save(name) {
    clearTimeout(this.#timers[name]);
    delete this.#timers[name];
    const control = this.#control(name);
    if (control.validity.badInput) return this.#tell(name, "Enter a number.");
    const isNull = control.value === "" && NULLABLE.has(name);
    const value = isNull ? null : name === "duration" ? Number(control.value) : control.value;
    if (value !== this.#sent[name]) this.#change(name, value);
    else this.#tell(name, "");
  }

  #tell(name, sentence) {
    this.#errors.say(name, sentence);
    this.#actions.refused(this.#isRefused);
  }

  #change(name, value) {
    this.#sent[name] = value;
    this.#inTurn(name, () => call("PATCH", this.path, { [name]: value }));
  }

  #send(name, input) {
    const [file] = input.files;
    if (!file) return;
    const bar = this.#find(`[data-upload=${name}]`);
    this.#inTurn(name, async () => {
      bar.hidden = false;
      try {
        return await upload("PATCH", this.path, { [name]: file }, (share) => (bar.value = share));
      } finally {
        bar.hidden = true;
        input.value = "";
      }
    });
  }

  /** One change at a time: an earlier answer can't undo what a later one says. */
  #inTurn(name, change) {
    const saved = this.#find(".saved");
    this.#errors.say(name, "");
    delete this.#unsent[name];
    saved.textContent = "Saving…";
    this.#saving[name] = (this.#saving[name] ?? 0) + 1;
    this.#saves = this.#saves.then(async () => {
      try {
        this.segment = await this.#edits.make(change).finally(() => this.#saving[name]--);
        saved.textContent = "Saved";
        for (const dropped of DROPPED) if (!this.#unsent[dropped]) this.#errors.say(dropped, "");
        this.#actions.refused(this.#isRefused);
        this.#actions.changed();
      } catch (error) {
        saved.textContent = "";
        if (!(error instanceof ApiError)) throw error;
        delete this.#sent[name];
        // Unless a newer one is behind it, which says what is wanted now.
        if ((!error.status || error.status >= 500) && !this.#saving[name]) this.#unsent[name] = change;
        this.#errors.show(error, name);
        this.#actions.refused(true);
      }
    });
  }

  get #isRefused() {
    return [...this.element.querySelectorAll("[data-error]")].some(({ hidden }) => !hidden);
  }

  #control(name) {
    return this.#find(`[name=${name}]`);
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }
}
