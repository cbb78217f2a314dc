/** Live state of renders, from this page's own server; rushes-client.js does the work. */

import { ApiError, base, call } from "./api.js";
import * as client from "./rushes-client.js";

export { isNewer } from "./rushes-client.js";

const GONE = ["not_found", "deleted"];

/**
 * Follows one project. `held` is the status body that the page was made with.
 *
 * Handlers: `onStatus(body)` for each newer body, `onConnection(state)` with `live`, `reconnecting`
 * or `polling`, `onDeleted()` when the project is gone. Answers a function that asks at once if there is no socket.
 */
export function watchProject(id, held, { onStatus, onConnection, onDeleted }) {
  const stop = client.watchProject(base, id, {
    held,
    onStatus,
    onConnection: (state, reason) => (GONE.includes(reason) ? onDeleted() : onConnection(state)),
  });
  return stop.now;
}

/**
 * Follows every project through one socket. `listing` is the API's path of the list shown.
 *
 * Handlers as above; `onList(projects)` hears the whole list, `onDeleted(id)` names the project.
 */
export function watchProjects(listing, { onStatus, onList, onConnection, onDeleted }) {
  return client.follow(`${base}/ws/projects/`, {
    async ask() {
      try {
        onList((await call("GET", listing)).results);
        return 200;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // A page of the list that is no more: the socket still tells of what is shown.
        return error.status === 404 ? 500 : error.status;
      }
    },
    // The first messages tell of running renders only; the list tells what ended meanwhile.
    asksOnOpen: true,
    message({ type, data }) {
      if (type === "status") onStatus(data);
      if (type === "deleted") onDeleted(data.project_id);
    },
    onConnection,
  });
}
