/** The project list: its cards follow every render live, and a dialog makes a new project. */

import { base, call, located } from "./api.js";
import { showBadge } from "./badge.js";
import { showConnection } from "./connection.js";
import { fieldErrors } from "./forms.js";
import { isNewer, watchProjects } from "./live.js";
import { lengthOf, measure, plural } from "./words.js";

const list = document.querySelector("#projects");
const held = new Map();
const discovering = new Set();

const cardOf = (id) => list.querySelector(`[data-project="${id}"]`);

/** Draws one status body into its card, if it says anything new. */
function show(body) {
  if (!isNewer(body, held.get(body.project_id))) return;
  held.set(body.project_id, body);
  const card = cardOf(body.project_id);
  showBadge(card.querySelector(".badge"), body);
  const bar = card.querySelector("progress");
  bar.hidden = body.status !== "PROCESSING";
  bar.value = body.render?.overall_progress ?? 0;
  if (body.render?.poster_url) showPoster(card, body.render.poster_url);
  card.querySelector(".card-line").textContent =
    body.render?.error?.message ?? body.progress?.current_phase ?? "Not rendered yet";
}

function showPoster(card, url) {
  const poster = card.querySelector(".card-poster img");
  poster.src = located(url);
  poster.hidden = false;
}

/** Adds the card of a project that another page made, or brings one that is shown up to date. */
function showProject(project) {
  const card = cardOf(project.id) ?? addCard(project);
  card.querySelector(".card-title").textContent = project.title;
  card.querySelector(".card-facts").textContent = [
    plural(project.segment_count, "segment", "segments"),
    lengthOf(project.seconds),
    measure(project.resolution_width, measure("×", project.resolution_height)),
    measure(project.framerate, "fps"),
  ].join(" · ");
  show(project.status_body);
}

function addCard(project) {
  const card = document.querySelector("#card").content.firstElementChild.cloneNode(true);
  card.dataset.project = project.id;
  card.querySelector(".card-title").href = `${base}/projects/${project.id}/`;
  list.prepend(card);
  return card;
}

for (const body of JSON.parse(document.querySelector("#statuses").textContent)) {
  held.set(body.project_id, body);
}

watchProjects(`projects/?page=${list.dataset.page}`, {
  onStatus(body) {
    if (cardOf(body.project_id)) show(body);
    else if (list.dataset.page === "1") discover(body.project_id);
  },
  onList(projects) {
    const ids = new Set(projects.map(({ id }) => id));
    for (const card of list.querySelectorAll(".card")) {
      if (!ids.has(card.dataset.project)) forget(card.dataset.project);
    }
    // Newest first, and each new card goes on top.
    projects.toReversed().forEach(showProject);
  },
  onDeleted: forget,
  onConnection: (state) => showConnection(document.querySelector(".connection"), state),
});

/** Reads a project that another page or a script has made, once for all messages about it. */
async function discover(id) {
  if (discovering.has(id)) return;
  discovering.add(id);
  try {
    showProject(await call("GET", `projects/${id}/`));
  } catch (error) {
    if (error.status !== 404) throw error;
  } finally {
    discovering.delete(id);
  }
}

function forget(id) {
  cardOf(id)?.remove();
  held.delete(id);
}

const dialog = document.querySelector("#create");
const form = dialog.querySelector("form");
const errors = fieldErrors(form);

for (const button of document.querySelectorAll("[data-action=create]")) {
  button.addEventListener("click", () => dialog.showModal());
  button.disabled = false;
}
dialog.querySelector("[data-action=close]").addEventListener("click", () => dialog.close());

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  errors.clear();
  const values = Object.fromEntries(new FormData(form));
  const [width, height] = values.size.split("x");
  const submit = form.querySelector("[type=submit]");
  submit.disabled = true;
  try {
    const project = await call("POST", "projects/", {
      title: values.title,
      resolution_width: width || values.resolution_width,
      resolution_height: height || values.resolution_height,
      framerate: values.framerate,
    });
    location.assign(`${base}/projects/${project.id}/`);
  } catch (error) {
    submit.disabled = false;
    errors.show(error);
  }
});
