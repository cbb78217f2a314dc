/** The project list: its cards follow every render live; projects are made, renamed, duplicated and deleted here. */

import { ApiError, base, call, located } from "./api.js";
import { showBadge } from "./badge.js";
import { showConnection } from "./connection.js";
import { hearEdits, tellOfEdit } from "./edits.js";
import { fieldErrors } from "./forms.js";
import { isNewer, watchProjects } from "./live.js";
import { DelayedDeletions, say } from "./toasts.js";
import { lengthOf, listed, measure, plural, quoted } from "./words.js";

const list = document.querySelector("#projects");
const held = new Map();
const discovering = new Set();
const isNewestFirst = list.dataset.page === "1" && list.dataset.ordering === "-created_at" && !list.dataset.search;
const query = new URLSearchParams({
  page: list.dataset.page,
  search: list.dataset.search,
  ordering: list.dataset.ordering,
});

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

/** Adds the card of a project that another page made at its place, or brings one that is shown up to date. */
function showProject(project, place = 0) {
  if (deletions.has(project.id)) return;
  const card = cardOf(project.id) ?? addCard(project, place);
  if (project.picture_url) showPoster(card, project.picture_url);
  card.querySelector(".card-title").textContent = project.title;
  card.querySelector(".card-facts").textContent = listed([
    plural(project.segment_count, "segment", "segments"),
    lengthOf(project.seconds),
    measure(project.resolution_width, measure("×", project.resolution_height)),
    measure(project.framerate, "fps"),
  ]);
  show(project.status_body);
}

function addCard(project, place) {
  const card = document.querySelector("#card").content.firstElementChild.cloneNode(true);
  card.dataset.project = project.id;
  card.querySelector(".card-title").href = `${base}/projects/${project.id}/`;
  for (const button of card.querySelectorAll(".card-actions button")) button.hidden = false;
  list.insertBefore(card, list.children[place] ?? null);
  return card;
}

for (const body of JSON.parse(document.querySelector("#statuses").textContent)) {
  held.set(body.project_id, body);
}

watchProjects(`projects/?${query}`, {
  onStatus(body) {
    if (cardOf(body.project_id)) show(body);
    else if (isNewestFirst) discover(body.project_id);
  },
  onList(projects) {
    const ids = new Set(projects.map(({ id }) => id));
    for (const card of list.querySelectorAll(".card")) {
      if (!ids.has(card.dataset.project)) forget(card.dataset.project);
    }
    projects.forEach(showProject);
  },
  onDeleted: forget,
  onConnection: (state) => showConnection(document.querySelector(".connection"), state),
});

hearEdits((id) => cardOf(id) && discover(id));

/** Reads a project that another page or a script has made or edited, once for all messages about it. */
async function discover(id) {
  if (discovering.has(id) || deletions.has(id)) return;
  discovering.add(id);
  try {
    showProject(await call("GET", `projects/${id}/`));
  } catch (error) {
    // The socket tells whether the project or the server is gone.
    if (!(error instanceof ApiError)) throw error;
  } finally {
    discovering.delete(id);
  }
}

function forget(id) {
  cardOf(id)?.remove();
  held.delete(id);
}

/** A card goes at once; its project does when the time to undo has passed, or when the page is left. */
const deletions = new DelayedDeletions(document.querySelector("#toasts"), (id) => call("DELETE", `projects/${id}/`));

const ACTIONS = {
  rename: openRename,

  async duplicate(card) {
    const project = await call("POST", `projects/${card.dataset.project}/duplicate/`);
    showProject(project, [...list.children].indexOf(card));
    cardOf(project.id).querySelector(".card-title").focus();
  },

  delete(card) {
    const title = card.querySelector(".card-title").textContent;
    const next = card.nextElementSibling ?? card.previousElementSibling;
    const place = card.nextElementSibling;
    card.remove();
    (next?.querySelector(".card-title") ?? document.querySelector("[data-action=create]")).focus();
    deletions.add(card.dataset.project, `${quoted(title)} was deleted.`, () => {
      list.insertBefore(card, place?.isConnected ? place : null);
      card.querySelector(".card-title").focus();
    });
  },
};

list.addEventListener("click", async ({ target }) => {
  const button = target.closest(".card-actions button");
  if (!button) return;
  try {
    await ACTIONS[button.dataset.action](button.closest(".card"));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(document.querySelector("#toasts"), error.message);
  }
});
for (const button of list.querySelectorAll(".card-actions button")) button.hidden = false;

const finder = document.querySelector(".finder");
finder.ordering.addEventListener("change", () => finder.requestSubmit());

const rename = document.querySelector("#rename");
const renameErrors = fieldErrors(rename);
let renamed = null;

function openRename(card) {
  renamed = card;
  renameErrors.clear();
  rename.querySelector("[name=title]").value = card.querySelector(".card-title").textContent;
  rename.showModal();
  rename.querySelector("[name=title]").select();
}
rename.querySelector("[data-action=close]").addEventListener("click", () => rename.close());
rename.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  renameErrors.clear();
  const title = rename.querySelector("[name=title]").value;
  try {
    showProject(await call("PATCH", `projects/${renamed.dataset.project}/`, { title }));
    tellOfEdit(renamed.dataset.project);
    rename.close();
  } catch (error) {
    renameErrors.show(error, "title");
  }
});

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

const sample = document.querySelector("[data-action=sample]");
if (sample) {
  sample.disabled = false;
  sample.addEventListener("click", async () => {
    const words = sample.querySelector("span");
    const before = words.textContent;
    const problem = document.querySelector("#sample-error");
    problem.textContent = "";
    sample.disabled = true;
    words.textContent = "Painting six pictures…";
    try {
      const project = await call("POST", "projects/sample/");
      location.assign(`${base}/projects/${project.id}/`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      problem.textContent = error.message;
      words.textContent = before;
      sample.disabled = false;
    }
  });
}
