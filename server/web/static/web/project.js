/** One project: its segments are edited here, and its render is watched. */

import { ApiError, base, call } from "./api.js";
import { showBadge } from "./badge.js";
import { showConnection } from "./connection.js";
import { watchProject } from "./live.js";
import { lookDialog } from "./look.js";
import { RenderPanel } from "./render.js";
import { SegmentList } from "./segments.js";
import { lengthOf, plural } from "./words.js";

const find = (selector) => document.querySelector(selector);
const project = JSON.parse(find("#project").textContent);

const panel = new RenderPanel(find(".render"), project, {
  onAsked: () => askNow(),
  onEstimate: ({ seconds }) => (find("#length").textContent = lengthOf(seconds)),
});
const segments = new SegmentList(find("#segments"), project, {
  confirm,
  onChange(all) {
    panel.showSegments(all);
    find("#segment-count").textContent = plural(all.length, "segment", "segments");
  },
});

const askNow = watchProject(project.id, project.status_body, {
  onStatus(body) {
    panel.show(body);
    showBadge(find(".page-head .badge"), body);
  },
  onConnection: (state) => showConnection(find(".connection"), state),
  onDeleted() {
    showConnection(find(".connection"), "gone");
    find("#gone").hidden = false;
    find("#work").inert = true;
  },
});

lookDialog(find("#look"), find("[data-action=look]"), project, () => panel.estimateSoon());

/** Makes a segment of each picture, in the order in which they were picked. */
async function addPictures(files) {
  const progress = find("#add-progress");
  const bar = progress.querySelector("progress");
  find("#add-failures").replaceChildren();
  progress.hidden = false;
  for (const [index, file] of files.entries()) {
    progress.querySelector("span").textContent = `Uploading ${index + 1} of ${files.length}`;
    const showShare = (share) => (bar.value = (index + share) / files.length);
    await tried(() => segments.add({ image_file: file }, showShare), `${file.name}: `);
  }
  progress.hidden = true;
}

/** Does it; what the server has against it is listed below the segments. Answers undefined then. */
async function tried(action, prefix = "") {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const item = find("#add-failures").appendChild(document.createElement("li"));
    item.textContent = prefix + error.message;
  }
}

let adding = Promise.resolve();
find("#pictures").addEventListener("change", ({ target }) => {
  const files = [...target.files];
  target.value = "";
  adding = adding.then(() => addPictures(files));
});

find("[data-action=add-empty]").addEventListener("click", async () => {
  find("#add-failures").replaceChildren();
  const row = await tried(() => segments.add({}, () => {}));
  row?.element.scrollIntoView({ block: "nearest" });
  row?.element.focus({ preventScroll: true });
});

find("[data-action=delete-project]").addEventListener("click", async () => {
  const sure = await confirm(`Delete “${project.title}”?`, "Its pictures, sounds and video are deleted with it.");
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
