/** The segments of a project: one row each, saved as they are edited, moved and removed in place. */

import { ApiError, call, located, thumbnailOf, upload } from "./api.js";
import { fieldErrors } from "./forms.js";
import { followView } from "./view.js";
import { lengthOf } from "./words.js";

const SAVE_DELAY = 600;
const EDITED = ["text_content", "duration", "motion", "fit", "transition"];
/** What may be left to the sound or to the film: an empty control says so. */
const NULLABLE = new Set(["duration", "transition"]);

export class SegmentList {
  #list;
  #path;
  #rows = new Map();
  #confirm;
  #onChange;

  /** `onChange(segments)` is called whenever what is known of the segments changes. */
  constructor(list, project, { confirm, onChange }) {
    this.#list = list;
    this.#path = `projects/${project.id}/segments/`;
    this.#confirm = confirm;
    this.#onChange = onChange;
    for (const segment of project.segments) this.#insert(segment);
    this.#changed();
  }

  /** The segments in their order, as the server last gave them. */
  get segments() {
    return [...this.#list.children].map((item) => this.#rows.get(item).segment);
  }

  /** Makes a segment at the end, from a picture if there is one. */
  async add(fields, onProgress) {
    const segment = await upload("POST", this.#path, fields, onProgress);
    const row = this.#insert(segment);
    this.#changed();
    return row;
  }

  #insert(segment) {
    const row = new SegmentRow(segment, `${this.#path}${segment.id}/`, {
      changed: () => this.#changed(),
      move: (step) => {
        this.#place(row, [...this.#list.children].indexOf(row.element) + step);
        row.focusMove(step);
      },
      remove: () => this.#remove(row),
    });
    this.#rows.set(row.element, row);
    this.#list.append(row.element);
    return row;
  }

  /** Puts a segment at another place, counted from 0. */
  moveTo(id, place) {
    const row = [...this.#rows.values()].find(({ segment }) => segment.id === id);
    return this.#place(row, place);
  }

  async #place(row, place) {
    const before = [...this.#list.children];
    const from = before.indexOf(row.element);
    if (place === from || !before[place]) return;
    if (place < from) before[place].before(row.element);
    else before[place].after(row.element);
    this.#changed();
    document.querySelector("#announcer").textContent = `Segment ${from + 1} is now segment ${place + 1} of ${before.length}.`;
    try {
      const order = this.segments.map(({ id }) => id);
      await call("POST", `${this.#path}reorder/`, { order });
    } catch (error) {
      this.#list.append(...before.filter((item) => item.isConnected));
      this.#changed();
      row.showError(error);
    }
  }

  async #remove(row) {
    const number = this.segments.indexOf(row.segment) + 1;
    if (!(await this.#confirm(`Delete segment ${number}?`, "Its picture and sound are deleted with it."))) return;
    try {
      await call("DELETE", row.path);
    } catch (error) {
      if (error.status !== 404) return row.showError(error);
    }
    const next = row.element.nextElementSibling ?? row.element.previousElementSibling;
    row.element.remove();
    this.#rows.delete(row.element);
    this.#changed();
    next?.focus();
  }

  #changed() {
    const { length } = this.#list.children;
    [...this.#list.children].forEach((item, index) => this.#rows.get(item).number(index + 1, length));
    this.#onChange(this.segments);
  }
}

class SegmentRow {
  #actions;
  #errors;
  #saves = Promise.resolve();
  #timers = {};
  #isSeen = false;
  /** What the server has or is about to have, so that nothing is sent twice. */
  #sent;

  constructor(segment, path, actions) {
    this.element = document.querySelector("#segment").content.firstElementChild.cloneNode(true);
    this.segment = segment;
    this.path = path;
    this.#actions = actions;
    this.#errors = fieldErrors(this.element);
    this.#sent = { ...segment };
    this.element.id = `segment-${segment.id}`;
    for (const button of this.element.querySelectorAll("[data-move]")) {
      button.addEventListener("click", () => button.ariaDisabled === "true" || actions.move(Number(button.dataset.move)));
    }
    this.#find("[data-action=remove]").addEventListener("click", actions.remove);
    for (const name of ["image_file", "audio_file"]) {
      this.#control(name).addEventListener("change", ({ target }) => this.#send(name, target));
    }
    this.#find("[data-action=remove-sound]").addEventListener("click", () => this.#change("audio_file", null));
    for (const name of EDITED) {
      this.#control(name).addEventListener("input", () => this.#saveSoon(name));
      this.#control(name).addEventListener("change", () => this.#save(name));
    }
    this.#control("motion").addEventListener("change", ({ target }) => this.#move(target.value));
    const image = this.#find(".segment-picture img");
    image.addEventListener("error", () => this.#labelPicture("missing", "Add it again"));
    followView(this.element, (isSeen) => {
      this.#isSeen = isSeen;
      this.#showMedia();
    });
    this.#show();
  }

  /** Tells the row its place; the labels of its controls say it. */
  number(number, total) {
    this.#find(".segment-number").textContent = number;
    this.element.ariaLabel = `Segment ${number} of ${total}`;
    const [up, down] = this.element.querySelectorAll("[data-move]");
    up.ariaLabel = `Move segment ${number} up`;
    down.ariaLabel = `Move segment ${number} down`;
    up.ariaDisabled = String(number === 1);
    down.ariaDisabled = String(number === total);
    this.#control("transition").closest(".field").hidden = number === total;
    this.#find("[data-action=remove]").ariaLabel = `Delete segment ${number}`;
  }

  /** Keeps the focus on the button that moved the row: moving an element in the page drops it. */
  focusMove(step) {
    this.#find(`[data-move="${step}"]`).focus();
  }

  showError(error) {
    this.#errors.show(error);
  }

  /** Draws what the server holds; what is being typed is left alone. */
  #show() {
    const { image_file, audio_file, audio_seconds, seconds } = this.segment;
    this.#labelPicture(image_file ? "filled" : "missing", image_file ? "Replace picture" : "Add picture");
    this.#showSound(located(audio_file));
    this.#find(".sound-words").textContent = audio_file ? lengthOf(audio_seconds) : "Add sound";
    this.#control("audio_file").ariaLabel = audio_file ? `Replace the sound of ${lengthOf(audio_seconds)}` : "Add sound";
    this.#find("[data-action=remove-sound]").hidden = !audio_file;
    this.#control("duration").placeholder = audio_seconds ? Number(audio_seconds.toFixed(2)) : "";
    this.#find(".needs-length").hidden = seconds !== null;
    for (const name of EDITED) {
      const control = this.#control(name);
      if (control !== document.activeElement && !this.#timers[name]) control.value = this.segment[name] ?? "";
    }
    this.#showMedia();
  }

  /** Loads the picture where it is seen, and has controls for the sound only there. */
  #showMedia() {
    const image = this.#find(".segment-picture img");
    const picture = thumbnailOf(this.segment.image_file);
    if (!picture) image.removeAttribute("src");
    else if (this.#isSeen && image.getAttribute("src") !== picture) image.src = picture;
    const player = this.#find("audio");
    player.controls = this.#isSeen && !player.hidden;
  }

  #showSound(url) {
    const player = this.#find("audio");
    player.hidden = !url;
    if (!url) player.removeAttribute("src");
    else if (player.getAttribute("src") !== url) player.src = url;
  }

  /** Shows a motion by moving the picture once, where moving pictures are welcome. */
  #move(motion) {
    const image = this.#find(".segment-picture img");
    image.getAnimations().forEach((animation) => animation.cancel());
    delete image.dataset.motion;
    void image.offsetWidth; // or the same motion chosen again would not begin anew
    image.dataset.motion = motion;
  }

  #labelPicture(state, words) {
    this.#find(".segment-picture").dataset.state = state;
    this.#find(".segment-picture img").hidden = state === "missing";
    this.#find(".picture-words").textContent = words;
  }

  #saveSoon(name) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(() => this.#save(name), SAVE_DELAY);
  }

  #save(name) {
    clearTimeout(this.#timers[name]);
    delete this.#timers[name];
    const control = this.#control(name);
    if (control.validity.badInput) return;
    const isNull = control.value === "" && NULLABLE.has(name);
    const value = isNull ? null : name === "duration" ? Number(control.value) : control.value;
    if (value !== this.#sent[name]) this.#change(name, value);
  }

  #change(name, value) {
    this.#sent[name] = value;
    this.#inTurn(name, () => call("PATCH", this.path, { [name]: value }));
  }

  #send(name, input) {
    const [file] = input.files;
    if (!file) return;
    const bar = this.#find(`[data-upload=${name}]`);
    bar.hidden = false;
    this.#inTurn(name, async () => {
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
    this.#errors.clearOne(name);
    saved.textContent = "Saving…";
    this.#saves = this.#saves.then(async () => {
      try {
        this.segment = await change();
        saved.textContent = "Saved";
        this.#show();
        this.#actions.changed();
      } catch (error) {
        saved.textContent = "";
        if (!(error instanceof ApiError)) throw error;
        delete this.#sent[name];
        this.#errors.show(error, name);
      }
    });
  }

  #control(name) {
    return this.#find(`[name=${name}]`);
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }
}
