/** Live state of renders: from the socket while there is one, else by asking every three seconds. */

import { ApiError, base, call, callIfChanged } from "./api.js";
import { ReconnectingSocket } from "./socket.js";

const POLL_INTERVAL = 3_000;
/** A socket that comes back within this time needs nobody to ask meanwhile. */
const POLL_GRACE = 1_500;

const TERMINAL = ["completed", "failed", "cancelled"];

/**
 * Whether `body` tells more than `held`. Late progress never overwrites how that same render ended.
 * Revisions order everything else, across reconnects and restarts.
 */
export function isNewer(body, held) {
  if (!held) return true;
  if (body.revision <= held.revision) return false;
  const ended = TERMINAL.includes(held.render?.state) && !TERMINAL.includes(body.render?.state);
  return !(ended && body.render && body.render.created_at === held.render.created_at);
}

/**
 * Follows one project. `held` is the status body that the page was made with.
 *
 * Handlers: `onStatus(body)` for each newer body, `onConnection(state)` with `live`, `reconnecting`
 * or `polling`, `onDeleted()` when the project is gone. Answers a function that asks at once if there is no socket.
 */
export function watchProject(id, held, { onStatus, onConnection, onDeleted }) {
  const receive = (body) => {
    if (!isNewer(body, held)) return;
    held = body;
    onStatus(body);
  };
  return follow(`/ws/projects/${id}/`, {
    async ask() {
      const body = await callIfChanged(`projects/${id}/status/`, `"${held?.revision ?? 0}"`);
      if (body) receive(body);
    },
    message: ({ type, data }) => type === "status" && receive(data),
    ended: onDeleted,
    onConnection,
  });
}

/**
 * Follows every project through one socket. `listing` is the API's path of the list shown.
 *
 * Handlers as above; `onList(projects)` hears the whole list, `onDeleted(id)` names the project.
 */
export function watchProjects(listing, { onStatus, onList, onConnection, onDeleted }) {
  const ask = async () => onList((await call("GET", listing)).results);
  return follow("/ws/projects/", {
    ask,
    // The first messages tell of running renders only; the list tells what ended meanwhile.
    asksOnOpen: true,
    message({ type, data }) {
      if (type === "status") onStatus(data);
      if (type === "deleted") onDeleted(data.project_id);
    },
    ended() {},
    onConnection,
  });
}

function follow(path, { ask, asksOnOpen = false, message, ended, onConnection }) {
  let timer;
  const socket = new ReconnectingSocket(address(path), {
    up() {
      clearTimeout(timer);
      onConnection("live");
      if (asksOnOpen) poll();
    },
    down() {
      onConnection("reconnecting");
      pollIn(POLL_GRACE);
    },
    message,
    ended: stop,
  });

  function pollIn(delay) {
    clearTimeout(timer);
    timer = setTimeout(poll, delay);
  }

  async function poll() {
    try {
      await ask();
      if (socket.isOpen) return;
      onConnection("polling");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) return stop();
      if (!socket.isOpen) onConnection("reconnecting");
    }
    pollIn(POLL_INTERVAL);
  }

  function stop() {
    clearTimeout(timer);
    socket.end();
    ended();
  }

  return () => socket.isOpen || pollIn(0);
}

function address(path) {
  const url = new URL(base + path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}
