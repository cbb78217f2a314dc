/** The render panel: the button with its five faces, the bar, the newest frame, the finished video. */

import { ApiError, call, located } from "./api.js";
import { showChapters } from "./chapters.js";
import { TimeLeft } from "./timeleft.js";
import { estimateLine, filmLine, lacksOf, segmentLine } from "./words.js";

const ESTIMATE_DELAY = 300;
const COPIED_TIME = 2_000;
/** The share of its length by which the bar has to move for anybody to see it. */
const PIXEL = 1 / 500;

const FACES = { DRAFT: "export", PROCESSING: "rendering", COMPLETED: "done", FAILED: "failed" };

const quarterOf = ({ render }) => Math.floor((render?.overall_progress ?? 0) * 4);

const failureTitle = ({ code }) => (code === "cancelled" ? "Render cancelled" : "Render failed");

export class RenderPanel {
  #panel;
  #parts = new Map();
  #projectId;
  #body;
  #segments = [];
  /** Asked for and not yet heard of. */
  #isStarting = false;
  #isCancelling = false;
  #quarter;
  #onAsked;
  #onEstimate;
  #onFace;
  #onCompared;
  #settle;
  #isSettled;
  /** The quality of the present or last render. */
  #rendered;
  #estimateTimer;
  #estimates = 0;
  #timeLeft = new TimeLeft();
  /** Of which moment the facts are that are shown: nobody reads numbers that change more often. */
  #moment = "";

  /**
   * `onAsked()` is called when a start or a cancel was accepted, so that the answer can be fetched;
   * `onEstimate(estimate)` when it is known what a render would take; `onFace(face, hasFilm)` when the panel is drawn
   * for another state of the render; `onCompared(segments, render, unchanged)` when it is known at which places the
   * segments are still as `render` made them. `settle()` sends what the page has not yet told the server, and promises
   * whether it could; `isSettled()` says whether there is nothing of that.
   */
  constructor(panel, project, { onAsked, onEstimate, onFace, onCompared, settle, isSettled }) {
    this.#panel = panel;
    this.#projectId = project.id;
    this.#body = project.status_body;
    this.#onAsked = onAsked;
    this.#onEstimate = onEstimate;
    this.#onFace = onFace;
    this.#onCompared = onCompared;
    this.#settle = settle;
    this.#isSettled = isSettled;
    this.#rendered = project.quality;
    this.#quarter = quarterOf(this.#body);
    this.#quality.value = project.quality;
    this.#quality.addEventListener("change", () => this.estimateSoon());
    this.#on("render", () => this.#start());
    this.#on("rerender", () => this.#start());
    this.#on("cancel", () => this.#cancel());
    this.#on("copy", () => this.#copy());
    const video = this.#find("video");
    if (video.hasAttribute("src")) this.#showChapters(video.getAttribute("src"));
    const preview = this.#find(".preview");
    preview.addEventListener("load", () => (preview.hidden = false));
    preview.addEventListener("error", () => (preview.hidden = true));
  }

  /** Draws a newer status body. */
  show(body) {
    const before = this.#body;
    const goesOn = body.status === "PROCESSING" && before.status === "PROCESSING" && !this.#isStarting;
    this.#body = body;
    this.#isStarting = false;
    this.#isCancelling &&= body.status === "PROCESSING";
    if (body.status !== before.status) {
      this.#say(".action-error", "");
      if (body.status !== "PROCESSING") this.estimateSoon();
    }
    if (goesOn) this.#drawRunning(body);
    else this.#draw();
    this.#announce(before);
  }

  /** Takes the segments as they are now: what they lack is said beside the button. */
  showSegments(segments) {
    this.#segments = segments;
    this.#drawMissing();
    this.#draw();
    this.estimateSoon();
  }

  /** Says anew what a render would take, a moment after the last change. */
  estimateSoon() {
    clearTimeout(this.#estimateTimer);
    this.#estimates++; // the answer to what was asked before is out of date
    this.#estimateTimer = setTimeout(() => this.#estimate(), ESTIMATE_DELAY);
  }

  /** Takes a newer project: in which quality it is or was rendered. */
  follow({ quality }) {
    this.#rendered = quality;
  }

  async #estimate() {
    const number = this.#estimates;
    const segments = this.#segments;
    const { render } = this.#body;
    const canBeAsked = !this.#missing.length && this.#isSettled();
    const qualities = new Set([this.#quality.value, render ? this.#rendered : this.#quality.value]);
    const asked = canBeAsked ? [...qualities].map((quality) => this.#askForEstimate(quality)) : [];
    const [estimate, ofRendered = estimate] = await Promise.all(asked);
    if (number !== this.#estimates) return;
    this.#say(".estimate", estimate ? estimateLine(estimate) : "");
    if (estimate) this.#onEstimate(estimate);
    if (render && ofRendered?.segments === segments.length) this.#onCompared(segments, render, ofRendered.cached_indices);
  }

  async #askForEstimate(quality) {
    try {
      return await call("POST", `projects/${this.#projectId}/render/`, { dry_run: true, quality });
    } catch (error) {
      // What is wrong is said when the render is asked for.
      if (!(error instanceof ApiError)) throw error;
      return null;
    }
  }

  async #start() {
    if (this.#isBlocked) return;
    this.#isStarting = true;
    this.#say(".action-error", "");
    this.#draw();
    if (await this.#settle()) return this.#ask("render", { quality: this.#quality.value });
    this.#isStarting = false;
    this.#draw();
  }

  async #cancel() {
    if (this.#isStarting || this.#isCancelling) return;
    this.#isCancelling = true;
    await this.#ask("cancel");
  }

  async #ask(verb, body) {
    this.#say(".action-error", "");
    this.#draw();
    try {
      await call("POST", `projects/${this.#projectId}/${verb}/`, body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#isStarting = this.#isCancelling = false;
      this.#say(".action-error", error.message);
      this.#draw();
    }
    this.#onAsked();
  }

  #draw() {
    const body = this.#body;
    const hadFocus = this.#panel.querySelector(".actions").contains(document.activeElement);
    this.#panel.dataset.face = this.#isStarting ? "rendering" : FACES[body.status];
    this.#drawRunning(body);
    this.#drawVideo(body);
    this.#drawFailure(body);
    this.#say(".film-facts", body.status === "COMPLETED" ? filmLine(body.render) : "");
    for (const action of ["render", "rerender"]) this.#disable(action, this.#isBlocked);
    this.#disable("cancel", this.#isStarting || this.#isCancelling);
    if (hadFocus && !document.activeElement.checkVisibility()) this.#focusMain();
  }

  /** All that changes ten times a second; the rest of the panel is left alone meanwhile. */
  #drawRunning(body) {
    this.#drawProgress(body);
    this.#drawPreview(body);
  }

  #drawProgress({ progress, render, status }) {
    const bar = this.#find(".render-bar");
    if (this.#isStarting) {
      bar.removeAttribute("value");
      this.#say(".segment-line", "Starting render…");
      this.#say(".phase", "");
    } else if (render) {
      // The position of a bar that had no value is -1.
      const way = Math.abs(render.overall_progress - bar.position);
      if (way >= PIXEL || status !== "PROCESSING") bar.value = render.overall_progress;
      this.#say(".segment-line", progress ? segmentLine(progress) : "");
      this.#say(".phase", this.#isCancelling ? "Cancelling…" : (progress?.current_phase ?? ""));
    }
    const isRunning = status === "PROCESSING" && !this.#isStarting;
    this.#find(".stalled").toggleAttribute("hidden", !(isRunning && render.stalled));
    const toTheSecond = "2026-01-01T00:00:00".length;
    const moment = isRunning ? `${render.updated_at.slice(0, toTheSecond)} ${progress.current_phase}` : "";
    if (moment && moment === this.#moment) return;
    this.#moment = moment;
    this.#fact("eta", isRunning && this.#timeLeft.of(render));
    this.#fact("speed", isRunning && render.frames_per_second && `${Math.round(render.frames_per_second)} frames/s`);
    this.#fact("frames", isRunning && render.state !== "queued" && `${render.rendered_frames} of ${render.total_frames}`);
  }

  #drawPreview({ render, status }) {
    const preview = this.#find(".preview");
    const url = status === "PROCESSING" && !this.#isStarting && located(render.preview_url);
    if (!url) {
      preview.hidden = true;
      preview.removeAttribute("src");
    } else if (preview.getAttribute("src") !== url) {
      // The frame shown stays until the next one is decoded: no flicker.
      preview.src = url;
    }
  }

  /** The earlier video stays where it is, and plays on, until there is a newer one. */
  #drawVideo({ output_url, render, status }) {
    const figure = this.#find(".video");
    const video = figure.querySelector("video");
    if (output_url) {
      const url = located(output_url);
      this.#find("[data-action=download]").href = `${url}?download=1`;
      const source = `${url}?v=${encodeURIComponent(render.completed_at)}`;
      if (video.getAttribute("src") !== source) this.#replaceVideo(video, source, located(render.poster_url));
    }
    figure.hidden = !video.hasAttribute("src");
    this.#find(".earlier").hidden = status === "COMPLETED" && !this.#isStarting;
    this.#onFace(this.#panel.dataset.face, !figure.hidden);
  }

  #replaceVideo(video, source, poster) {
    video.src = source;
    video.poster = poster ?? "";
    video.querySelector("track[kind=captions]")?.remove();
    this.#showChapters(source);
    if (!this.#segments.some(({ text_content }) => text_content.trim())) return;
    const track = document.createElement("track");
    Object.assign(track, { kind: "captions", label: "Captions", src: source.replace("/final.mp4?", "/captions.vtt?") });
    video.prepend(track);
  }

  #showChapters(source) {
    const url = source.replace("/final.mp4", "/chapters.vtt");
    showChapters(this.#find("video"), this.#find(".chapters"), url);
  }

  async #copy() {
    const { href } = new URL(located(this.#body.output_url), location.href);
    try {
      await navigator.clipboard.writeText(href);
      this.#tell("The link was copied.");
      this.#say("[data-action=copy]", "Copied");
      setTimeout(() => this.#say("[data-action=copy]", "Copy link"), COPIED_TIME);
    } catch {
      // Only secure pages may write to the clipboard; there the person copies it by hand.
      window.prompt("The link to the video:", href);
    }
  }

  #drawFailure({ render, status }) {
    const error = status === "FAILED" && !this.#isStarting ? render?.error : null;
    this.#find(".failure").hidden = !error;
    if (!error) return;
    this.#find(".failure").dataset.code = error.code;
    this.#say(".failure-title", failureTitle(error));
    this.#say(".failure-message", error.message);
    const link = this.#find(".failure-segment");
    const index = this.#segments.findIndex(({ id }) => id === error.segment_id);
    link.hidden = index < 0;
    if (index < 0) return;
    link.href = `#segment-${error.segment_id}`;
    link.textContent = `Go to segment ${index + 1}`;
  }

  #drawMissing() {
    const missing = this.#missing;
    const items = missing.map(({ words, id }) => {
      const item = document.createElement("li");
      const link = item.appendChild(document.createElement(id ? "a" : "span"));
      link.textContent = words;
      if (id) link.href = `#segment-${id}`;
      return item;
    });
    this.#find(".missing ul").replaceChildren(...items);
    this.#find(".missing").hidden = !missing.length;
  }

  /** What the server would refuse the render for; it has the last word when it is asked. */
  get #missing() {
    if (!this.#segments.length) return [{ words: "Add at least one segment." }];
    return this.#segments.flatMap((segment, index) => {
      const lacks = lacksOf(segment);
      return lacks.length ? [{ id: segment.id, words: `Segment ${index + 1} needs ${lacks.join(" and ")}.` }] : [];
    });
  }

  get #quality() {
    return this.#find("[name=quality]");
  }

  get #isBlocked() {
    return this.#isStarting || this.#body.status === "PROCESSING" || this.#missing.length > 0;
  }

  /** Start, quarters and the end, for those who can't see the bar; never more. */
  #announce(before) {
    const { status, render } = this.#body;
    const quarter = quarterOf(this.#body);
    if (status === "PROCESSING" && before.status !== "PROCESSING") this.#tell("Render started.");
    else if (status === "PROCESSING" && quarter > this.#quarter) this.#tell(`${quarter * 25} percent rendered.`);
    else if (status !== before.status && status === "COMPLETED") this.#tell("The video is ready.");
    else if (status !== before.status && status === "FAILED") this.#tell(`${failureTitle(render.error)}. ${render.error.message}`);
    this.#quarter = quarter;
  }

  #tell(sentence) {
    document.querySelector("#announcer").textContent = sentence;
  }

  /** A button that goes away while it has the focus hands it to the one that took its place. */
  #focusMain() {
    const face = this.#panel.dataset.face;
    this.#find(face === "done" ? "[data-action=download]" : "[data-action=render]").focus();
  }

  /** Disabled for a click but not for the focus: what is missing can be read out there. */
  #disable(action, isDisabled) {
    this.#find(`[data-action=${action}]`).ariaDisabled = String(isDisabled);
  }

  #fact(name, words) {
    const fact = this.#find(`[data-fact=${name}]`);
    fact.hidden = !words;
    this.#say(`[data-fact=${name}] dd`, words || "");
  }

  #say(selector, words) {
    const place = this.#find(selector);
    if (place.textContent !== words) place.textContent = words;
  }

  /** The panel's own parts stay, so each is looked up once. */
  #find(selector) {
    if (!this.#parts.has(selector)) this.#parts.set(selector, this.#panel.querySelector(selector));
    return this.#parts.get(selector);
  }

  #on(action, listener) {
    this.#find(`[data-action=${action}]`).addEventListener("click", listener);
  }
}
