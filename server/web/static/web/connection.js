/** Says how fresh the page is, when that is worth saying. */

const SENTENCES = {
  live: "",
  reconnecting: "Reconnecting…",
  polling: "No live connection. Checking every 3 seconds.",
  gone: "",
  ended: "This server does not let the page watch its renders.",
};

export function showConnection(notice, state) {
  notice.dataset.connection = state;
  notice.querySelector(".connection-words").textContent = SENTENCES[state];
  notice.hidden = SENTENCES[state] === "";
}
