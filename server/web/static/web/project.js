/** One project: its segments are edited here, and its render is watched. */

import { ApiError, base, call, located } from "./api.js";
import { showBadge } from "./badge.js";
import { showConnection } from "./connection.js";
import { acceptFiles } from "./drop.js";
import { Edits } from "./edits.js";
import { Filmstrip } from "./filmstrip.js";
import { watchProject } from "./live.js";
import { lookDialog } from "./look.js";
import { musicLine } from "./music.js";
import { pairs } from "./pairing.js";
import { RenderPanel } from "./render.js";
import { SegmentList } from "./segments.js";
import { Tab } from "./tab.js";
import { Viewer } from "./viewer.js";
import { lengthOf, plural, quoted } from "./words.js";

const find = (selector) => document.querySelector(selector);
const project = JSON.parse(find("#project").textContent);

const edits = new Edits(project.id, take);
const viewer = new Viewer(find("#work"), project, {
  onStep: (step) => chooseSegment(segments.neighbour(step)),
  onMissing: (segment) => (segment ? find("#segments [name=image_file]") : find("#pictures")).click(),
});
const panel = new RenderPanel(find("#work"), project, {
  onFace: (face, hasFilm) => viewer.follow(face, hasFilm),
  onAsked: () => askNow(),
  onEstimate: ({ seconds }) => (find("#length").textContent = lengthOf(seconds)),
  onCompared: (...compared) => strip.compare(...compared),
  settle: () => segments.settle(),
  isSettled: () => segments.isSettled,
});
const strip = new Filmstrip(find("#filmstrip"), project, {
  onPlay: playSegment,
  onMove: (id, place) => segments.moveTo(id, place),
  onStep: (step) => chooseSegment(segments.neighbour(step)),
  onOtherRender: () => edits.refreshSoon(),
});
const tab = new Tab(find("[data-action=notify]"), project.status_body);
tab.show(project.status_body);
const segments = new SegmentList(find("#segments"), project, {
  edits,
  toasts: find("#toasts"),
  onChange(all) {
    panel.showSegments(all);
    strip.showSegments(all);
    find("#length").textContent = lengthOf(strip.seconds);
    find("#segment-count").textContent = plural(all.length, "segment", "segments");
  },
  onChoose(segment, number, total) {
    viewer.showSegment(segment, number, total);
    if (segment) drawTyped();
    strip.choose(segment?.id);
  },
  onRefused: (id, isRefused) => strip.flag(id, isRefused),
});

let wasLost = false;
let connection;
const askNow = watchProject(project.id, project.status_body, {
  onStatus(body) {
    panel.show(body);
    strip.show(body);
    segments.showFailure(body);
    tab.show(body);
    showBadge(find(".page-head .badge"), body);
  },
  onConnection(state) {
    showConnection(find(".connection"), state);
    if (wasLost && state === "live") edits.refreshSoon();
    wasLost = state !== "live";
    if (state !== connection && state !== "reconnecting") void segments.saved();
    connection = state;
  },
  onDeleted() {
    showConnection(find(".connection"), "gone");
    find("#gone").hidden = false;
    find("#work").inert = true;
  },
});

const showMusic = musicLine(find("#music"), project, edits, () => panel.estimateSoon());
const showLook = lookDialog(find("#look"), find("[data-action=look]"), project, edits, (saved) => {
  panel.estimateSoon();
  strip.showSegments(segments.segments, saved);
  find("#length").textContent = lengthOf(strip.seconds);
  viewer.showLook(saved);
});

/** What is being typed is shown before the server has it. */
function drawTyped() {
  viewer.showCaption(find("#segments [name=text_content]").value);
  viewer.showFit(find("#segments [name=fit]").value);
}

const inspector = find("#segments");
inspector.addEventListener("input", ({ target }) => {
  if (target.name === "text_content") viewer.showCaption(target.value);
  if (target.name === "fit") viewer.showFit(target.value);
  if (target.name !== "motion") return;
  viewer.show("segment");
  viewer.showMotion(target.value);
});
segments.showFailure(project.status_body);
const idIn = (hash) => hash.replace(/^#segment-/, "");
if (!segments.choose(idIn(location.hash))) segments.choose(project.status_body.render?.error?.segment_id);
window.addEventListener("hashchange", () => chooseSegment(idIn(location.hash)));

/** Chooses a segment, and has its picture in the viewer. */
function chooseSegment(id) {
  if (!segments.choose(id)) return;
  viewer.show("segment");
  history.replaceState(history.state, "", `#segment-${id}`);
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.closest(".tile-face")) return chooseSegment(event.target.closest(".tile").dataset.segment);
  const link = event.target.closest('a[href^="#segment-"]');
  if (!link) return;
  event.preventDefault();
  chooseSegment(idIn(link.hash));
  segments.chosen?.element.focus();
});

// Where nothing else has a use for them, the arrows lead through the film.
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target !== document.body && !event.target.closest(".viewer-bar")) return;
  chooseSegment(segments.neighbour(document.dir === "rtl" ? -step : step));
});

/** Takes the project as the server has it: another page may have edited it. */
function take(newer) {
  panel.follow(newer);
  strip.follow(newer);
  if (newer.updated_at === project.updated_at) return;
  project.updated_at = newer.updated_at;
  project.title = find("h1").textContent = newer.title;
  tab.rename(newer.title);
  showMusic(newer);
  showLook(newer);
  viewer.showLook(newer);
  segments.take(newer.segments);
}

/** Makes segments of files, pictures with their sounds, each with its own bar while it is sent. */
async function addFiles(files) {
  find("#add-failures").replaceChildren();
  const waiting = pairs(files).map((fields) => [fields, uploadRow(Object.values(fields))]);
  let first;
  for (const [fields, row] of waiting) {
    const bar = row.querySelector("progress");
    const names = Object.values(fields).map(({ name }) => name).join(", ");
    const added = await tried(() => segments.add(fields, (share) => (bar.value = share)), `${names}: `);
    row.remove();
    if (!first && added) chooseSegment((first = added).segment.id);
  }
}

function uploadRow(files) {
  const row = find("#uploads").appendChild(document.createElement("li"));
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  const name = document.createElement("span");
  name.textContent = files.map((file) => file.name).join(" + ");
  bar.ariaLabel = `Upload of ${name.textContent}`;
  row.append(name, bar);
  return row;
}

/** Shows one finished segment alone, in a dialog. */
async function playSegment(segment, number) {
  const dialog = find("#segment-film");
  const video = dialog.querySelector("video");
  const error = dialog.querySelector(".field-error");
  dialog.querySelector("h2").textContent = `Segment ${number}`;
  error.textContent = "";
  video.removeAttribute("src");
  dialog.showModal();
  dialog.addEventListener("close", () => video.pause(), { once: true });
  try {
    const { url } = await call("GET", `projects/${project.id}/segments/${segment.id}/film/`);
    video.src = located(url);
    await video.play();
  } catch (reason) {
    if (reason instanceof ApiError) error.textContent = reason.message;
    // A browser may want a click before anything is heard, and closing interrupts: the controls are there.
    else if (!["NotAllowedError", "AbortError"].includes(reason.name)) throw reason;
  }
}

/** Does it; what the server has against it is listed below the segments. Answers undefined then. */
async function tried(action, prefix = "") {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const item = find("#add-failures").appendChild(document.createElement("li"));
    item.textContent = prefix + error.reason;
  }
}

let adding = Promise.resolve();
const addInTurn = (files) => (adding = adding.then(() => addFiles(files)));

acceptFiles(find("#drop-hint"), addInTurn);
find("#pictures").addEventListener("change", ({ target }) => {
  const files = [...target.files];
  target.value = "";
  addInTurn(files);
});

find("[data-action=add-empty]").addEventListener("click", async () => {
  find("#add-failures").replaceChildren();
  const row = await tried(() => segments.add({}, () => {}));
  if (!row) return;
  chooseSegment(row.segment.id);
  row.element.focus();
});

find("[data-action=delete-project]").addEventListener("click", async () => {
  const sure = await confirm(`Delete ${quoted(project.title)}?`, "Its pictures, sounds and video are deleted with it.");
  if (!sure) return;
  await tried(async () => {
    await call("DELETE", `projects/${project.id}/`);
    location.assign(`${base}/`);
  });
});

/** Asks before something is lost; Escape and Cancel mean no. */
function confirm(title, text) {
  const dialog = find("#confirm");
  dialog.querySelector("h2").textContent = title;
  dialog.querySelector("p").textContent = text;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

// Until now a click would have been lost.
for (const control of document.querySelectorAll("[data-waits]")) control.disabled = false;
