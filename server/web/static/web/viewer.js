/** The viewer: the chosen segment's picture as the film will show it, the newest frame of a render, or the film. */

import { located, thumbnailOf } from "./api.js";

export class Viewer {
  #root;
  #face;
  #segment = null;
  #isUnreadable = false;

  /**
   * `root` carries the view and the face of the render for the style sheet; `project` says how captions look.
   *
   * `onStep(step)` is asked for a segment before (-1) or after (1) the chosen one, `onMissing(segment)` for the picture
   * that it lacks; the segment is null where there is none at all.
   */
  constructor(root, project, { onStep, onMissing }) {
    this.#root = root;
    this.#face = root.dataset.face;
    this.#find(".screen").style.setProperty("--ratio", project.resolution_width / project.resolution_height);
    this.showLook(project);
    for (const button of root.querySelectorAll("[data-show]")) {
      button.addEventListener("click", () => this.show(button.dataset.show));
    }
    for (const button of root.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => button.ariaDisabled === "true" || onStep(Number(button.dataset.step)));
    }
    this.#find(".blank button").addEventListener("click", () => onMissing(this.#segment));
    this.#find(".frame-picture").addEventListener("error", () => {
      this.#isUnreadable = true;
      this.#drawBlank();
    });
    this.show(root.dataset.view);
  }

  /** Shows one of the views: `segment`, `live` or `film`. */
  show(view) {
    this.#root.dataset.view = view;
    for (const button of this.#root.querySelectorAll("[data-show]")) {
      button.ariaPressed = String(button.dataset.show === view);
    }
    if (view !== "film") this.#find(".video video").pause();
  }

  /** Goes along with a render: to its newest frame when it starts, to the film when there is one. */
  follow(face, hasFilm) {
    this.#find("[data-show=film]").hidden = !hasFilm;
    if (face === this.#face) return;
    this.#face = face;
    this.show(face === "rendering" ? "live" : hasFilm ? "film" : "segment");
  }

  /** Takes the chosen segment, the `number`th of `total`, or null where there is none. */
  showSegment(segment, number, total) {
    const isOther = segment?.image_file !== this.#segment?.image_file;
    this.#segment = segment;
    const [back, forward] = this.#root.querySelectorAll("[data-step]");
    back.ariaDisabled = String(number <= 1);
    forward.ariaDisabled = String(number >= total);
    this.#find(".steps").hidden = !segment;
    const button = this.#find("[data-show=segment]");
    button.hidden = !segment;
    button.textContent = `Segment ${number}`;
    if (isOther) void this.#load(segment?.image_file);
    this.showCaption(segment?.text_content ?? "");
    this.showFit(segment?.fit ?? "cover");
    this.#drawBlank();
  }

  /** Lays a caption over the picture while it is being typed. */
  showCaption(text) {
    this.#find(".frame-caption").textContent = text.trim();
  }

  showFit(fit) {
    this.#find(".frame").dataset.fit = fit;
  }

  /** Shows a motion by moving the picture once, where moving pictures are welcome. */
  showMotion(motion) {
    const picture = this.#find(".frame-picture");
    delete picture.dataset.motion;
    void picture.offsetWidth; // or the same motion chosen again would not begin anew
    picture.dataset.motion = motion;
  }

  /** Takes how captions look in all of the film. */
  showLook({ caption_position, caption_backdrop, caption_size, caption_colour }) {
    const caption = this.#find(".frame-caption");
    Object.assign(caption.dataset, { position: caption_position, backdrop: caption_backdrop });
    caption.style.setProperty("--size", caption_size);
    caption.style.color = caption_colour;
  }

  /** The thumbnail is there at once; the picture itself replaces it when it is decoded. */
  async #load(url) {
    const pictures = [this.#find(".frame-picture"), this.#find(".frame-blur")];
    this.#isUnreadable = false;
    delete pictures[0].dataset.motion;
    for (const picture of pictures) {
      if (url) picture.src = thumbnailOf(url);
      else picture.removeAttribute("src");
    }
    if (!url) return;
    const whole = new Image();
    whole.src = located(url);
    try {
      await whole.decode();
    } catch {
      return; // the thumbnail's own error is shown
    }
    if (this.#segment?.image_file === url) pictures[0].src = whole.src;
  }

  #drawBlank() {
    const hasPicture = Boolean(this.#segment?.image_file) && !this.#isUnreadable;
    this.#find(".frame").hidden = !hasPicture;
    for (const picture of [".frame-picture", ".frame-blur"]) this.#find(picture).hidden = !hasPicture;
    this.#find(".blank").hidden = hasPicture;
    const [words, action] = !this.#segment
      ? ["Drop pictures and sounds here. Each picture becomes a segment of the film.", "Choose files"]
      : this.#isUnreadable
        ? ["The picture of this segment can’t be shown.", "Add it again"]
        : ["This segment has no picture yet.", "Choose a picture"];
    this.#find(".blank-words").textContent = words;
    this.#find(".blank button").textContent = action;
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }
}
