/** The film as a strip: each segment as wide as it is long, filled as it is rendered. */

import { thumbnailOf } from "./api.js";
import { dragAlong } from "./drag.js";
import { lengthOf } from "./words.js";

/** A segment whose length isn't known yet is drawn as long as this. */
const UNKNOWN_SECONDS = 3;

/** So far beside what is in view pictures are loaded, in widths of the strip. */
const MARGIN = 1;

const WORDS = {
  missing: "Incomplete",
  failed: "Failed",
  changed: "Changed",
  cached: "Unchanged",
  done: "Rendered",
  waiting: "",
};

/** When each segment begins in the film: a crossfade overlaps at most half of the shorter neighbour. */
export function startsOf(segments, film) {
  const lengths = segments.map(({ seconds }) => seconds ?? UNKNOWN_SECONDS);
  let start = 0;
  return segments.map(({ transition, transition_duration }, index) => {
    const begins = start;
    const overlap = Math.min(transition_duration ?? film.transition_duration, lengths[index] / 2, (lengths[index + 1] ?? 0) / 2);
    start += lengths[index] - ((transition ?? film.transition) === "crossfade" ? overlap : 0);
    return begins;
  });
}

/** Whether a segment was edited after the render began. */
const wasEdited = (segment, render) => Date.parse(segment.updated_at) > Date.parse(render?.created_at);

/**
 * What a tile shows of its segment, the render's at `place`: its state, and how much of it is rendered. `isChanged`
 * says whether it would be another one now, if that is known; else it is changed if it was edited.
 */
export function tileOf(segment, place, render, isChanged) {
  const share = render?.segments[place] ?? 0;
  const hasFailed = render?.error?.segment_id === segment.id;
  if (!segment.image_file || segment.seconds === null) return { state: "missing", share: 0 };
  if ((hasFailed || share === 100) && (isChanged ?? wasEdited(segment, render))) return { state: "changed", share };
  if (hasFailed) return { state: "failed", share };
  if (share === 100) return { state: render.cached_indices.includes(place) ? "cached" : "done", share };
  return { state: share ? "rendering" : "waiting", share };
}

export class Filmstrip {
  #list;
  #film;
  #onPlay;
  #onOtherRender;
  /** Where each segment is in the render, by id. */
  #places;
  #segments = [];
  #render;
  #chosen;
  #frame = 0;
  /** What a comparison with the render found of each segment, and of which version of it. */
  #compared = new Map();
  /** What each tile shows, so that only what changed is touched: 200 segments cost no more than those that move. */
  #shown = new Map();

  /**
   * `film` has the project's transition; `onPlay(segment, number)` is asked for a finished segment, `onStep(step)` for
   * the one before or after the chosen one, `onMove(id, place)` for a segment at another place, counted from 0.
   * `onOtherRender()` is called when another one is shown, whose order `follow` has to be told: segments may be moved
   * and deleted while it goes on.
   */
  constructor(list, film, { onPlay, onMove, onStep, onOtherRender }) {
    this.#list = list;
    this.#film = film;
    this.#onPlay = onPlay;
    this.#onOtherRender = onOtherRender;
    this.#order(film.render_order.length ? film.render_order : film.segments.map(({ id }) => id));
    this.#render = film.status_body.render;
    dragAlong(list, (tile, place) => onMove(tile.dataset.segment, place));
    list.addEventListener("keydown", (event) => {
      this.#walk(event, onStep);
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!event.altKey || !step) return;
      event.preventDefault();
      const tile = event.target.closest(".tile");
      const place = [...list.children].indexOf(tile) + step;
      if (place >= 0 && place < list.children.length) onMove(tile.dataset.segment, place);
    });
    for (const tile of list.children) this.#shown.set(tile.dataset.segment, this.#prepared(tile));
    list.addEventListener("scroll", () => this.#showPictures(), { passive: true });
    window.addEventListener("resize", () => this.#showPictures());
  }

  /** Takes the segments in their order; tiles that stay are kept, with their focus. */
  showSegments(segments, film = this.#film) {
    this.#segments = segments;
    this.#film = film;
    const held = document.activeElement;
    const tiles = segments.map((segment) => this.#tile(segment.id));
    if (tiles.some((tile, index) => this.#list.children[index] !== tile) || this.#list.children.length !== tiles.length) {
      this.#list.replaceChildren(...tiles);
      if (this.#list.contains(held)) held.focus({ preventScroll: true });
    }
    for (const id of this.#shown.keys()) if (!segments.some((segment) => segment.id === id)) this.#shown.delete(id);
    this.#list.hidden = !segments.length;
    const starts = startsOf(segments, this.#film);
    segments.forEach((segment, index) => this.#describe(segment, index, starts[index]));
    this.#mark(this.#chosen, true);
    this.show({ render: this.#render });
    this.#showPictures();
  }

  /** How long the film is, as far as the lengths of its segments are known. */
  get seconds() {
    const lasting = this.#segments.filter(({ seconds }) => seconds);
    return lasting.length ? startsOf(lasting, this.#film).at(-1) + lasting.at(-1).seconds : 0;
  }

  /** Takes a newer project: its transition, and the order of its render. */
  follow(film) {
    this.#film = film;
    if (!film.render_order.length || film.status_body.render?.created_at !== this.#render?.created_at) return;
    this.#order(film.render_order);
    this.show({ render: this.#render });
  }

  /** Takes at which places the segments are still as `render` made them, as far as it had made them. */
  compare(segments, render, unchanged) {
    if (render.created_at !== this.#render?.created_at) return;
    segments.forEach(({ id, updated_at }, index) => {
      if (render.segments[this.#places.get(id)] !== 100) return;
      this.#compared.set(id, { updated_at, isChanged: !unchanged.includes(index) });
    });
    this.show({ render: this.#render });
  }

  /** Draws a newer state of the render. */
  show({ render }) {
    if (render && render.created_at !== this.#render?.created_at) {
      this.#compared.clear();
      this.#order(this.#segments.map(({ id }) => id));
      this.#onOtherRender();
    }
    this.#render = render;
    const second = render?.updated_at.slice(0, "2026-01-01T00:00:00".length);
    this.#segments.forEach((segment) => {
      const shown = this.#shown.get(segment.id);
      const compared = this.#compared.get(segment.id);
      const isChanged = compared?.updated_at === segment.updated_at ? compared.isChanged : undefined;
      const { state, share } = tileOf(segment, this.#places.get(segment.id), render, isChanged);
      const isSame = shown.state === state;
      // Its bar moves on all the time, but nobody reads a number that changes more than once a second.
      const isTold = isSame && render?.state === "running" && shown.second === second;
      if (isSame && shown.share === share && (isTold || shown.told === share)) return;
      Object.assign(shown, { state, share });
      shown.bar.style.backgroundSize = `${share}%`;
      if (!isTold) {
        Object.assign(shown, { second, told: share });
        shown.word.textContent = WORDS[state] ?? `${share}%`;
      }
      if (isSame) return;
      shown.tile.dataset.state = state;
      shown.play.hidden = !["done", "cached"].includes(state);
    });
  }

  /** Marks the chosen segment, the only one that the Tab key leads to, and brings it into view. */
  choose(id) {
    if (id === this.#chosen) return;
    const hadFocus = this.#list.contains(document.activeElement);
    this.#mark(this.#chosen, false);
    this.#chosen = id;
    const tile = this.#mark(id, true);
    if (!tile) return;
    if (hadFocus) tile.querySelector(".tile-face").focus({ preventScroll: true });
    const { offsetLeft: left, offsetWidth: width } = tile;
    const { scrollLeft, clientWidth } = this.#list;
    if (left >= scrollLeft && left + width <= scrollLeft + clientWidth) return;
    this.#list.scrollTo({ left: left - (clientWidth - width) / 2 });
  }

  /** Shows at a segment's tile that something entered was refused. */
  flag(id, isRefused) {
    this.#shown.get(id)?.tile.toggleAttribute("data-refused", isRefused);
  }

  #mark(id, isChosen) {
    const shown = this.#shown.get(id);
    if (!shown) return null;
    const { tile, play } = shown;
    const face = tile.querySelector(".tile-face");
    face.ariaCurrent = isChosen ? "true" : null;
    face.tabIndex = play.tabIndex = isChosen ? 0 : -1;
    return tile;
  }

  /** The arrows lead from tile to tile. */
  #walk(event, onStep) {
    const isMirrored = getComputedStyle(this.#list).direction === "rtl";
    const step = { ArrowLeft: isMirrored ? 1 : -1, ArrowRight: isMirrored ? -1 : 1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onStep(step);
  }

  #order(ids) {
    this.#places = new Map(ids.map((id, place) => [id, place]));
  }

  #tile(id) {
    if (!this.#shown.has(id)) {
      const tile = document.querySelector("#tile").content.firstElementChild.cloneNode(true);
      tile.dataset.segment = id;
      this.#shown.set(id, this.#prepared(tile));
    }
    return this.#shown.get(id).tile;
  }

  #prepared(tile) {
    const play = tile.querySelector(".tile-play");
    const image = tile.querySelector("img");
    image.addEventListener("error", () => (image.hidden = true));
    if (image.complete && image.currentSrc && !image.naturalWidth) image.hidden = true;
    const face = tile.querySelector(".tile-face");
    face.disabled = false;
    face.tabIndex = play.tabIndex = -1;
    play.addEventListener("click", () => {
      const index = this.#segments.findIndex(({ id }) => id === tile.dataset.segment);
      this.#onPlay(this.#segments[index], index + 1);
    });
    return { tile, play, image, bar: tile.querySelector(".tile-bar"), word: tile.querySelector(".tile-word") };
  }

  #describe(segment, index, start) {
    const shown = this.#shown.get(segment.id);
    const { tile, play } = shown;
    shown.picture = thumbnailOf(segment.image_file);
    if (!shown.picture) shown.image.hidden = true;
    tile.querySelector(".tile-number > :last-child").textContent = index + 1;
    tile.querySelector(".tile-start").textContent = lengthOf(start);
    play.ariaLabel = `Play segment ${index + 1} alone`;
    tile.style.setProperty("--seconds", segment.seconds ?? UNKNOWN_SECONDS);
  }

  /**
   * Loads the pictures in and near the view, told by scrolling.
   *
   * An observer, lazy pictures or `content-visibility` would cost a look at each of hundreds of tiles in every frame,
   * and a frame of their own after it.
   */
  #showPictures() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const { scrollLeft, clientWidth } = this.#list;
      const [from, to] = [scrollLeft - clientWidth * MARGIN, scrollLeft + clientWidth * (1 + MARGIN)];
      const seen = [...this.#shown.values()].filter(({ tile: { offsetLeft, offsetWidth } }) => offsetLeft + offsetWidth > from && offsetLeft < to);
      for (const { image, picture } of seen) {
        if (!picture || image.getAttribute("src") === picture) continue;
        image.hidden = false;
        image.src = picture;
      }
    });
  }
}
