/** The music under the whole film: added, heard, replaced and removed in one line. */

import { ApiError, call, located, upload } from "./api.js";

/** `onChanged()` is called when the server has taken a change; answers a function that shows a newer project. */
export function musicLine(line, project, edits, onChanged) {
  const find = (selector) => line.querySelector(selector);
  const path = `projects/${project.id}/`;
  const [player, bar, input, remove, error] = ["audio", "progress", "input", "[data-action=remove-music]", ".field-error"].map(find);

  function show({ music_file }) {
    find(".music-words").textContent = music_file ? "Replace music" : "Add music";
    player.hidden = remove.hidden = !music_file;
    if (!music_file) player.removeAttribute("src");
    else if (player.getAttribute("src") !== located(music_file)) player.src = located(music_file);
  }

  async function change(request) {
    error.textContent = "";
    try {
      show(await edits.make(request));
      onChanged();
    } catch (refusal) {
      if (!(refusal instanceof ApiError)) throw refusal;
      error.textContent = refusal.reason;
    }
  }

  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    bar.hidden = false;
    await change(() => upload("PATCH", path, { music_file: file }, (share) => (bar.value = share)));
    bar.hidden = true;
    input.value = "";
  });
  remove.addEventListener("click", async () => {
    await change(() => call("PATCH", path, { music_file: null }));
    input.focus();
  });
  show(project);
  return show;
}
