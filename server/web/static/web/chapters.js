/** The chapters of the film in the player: its own, whatever was edited since. */

import { lengthOf } from "./words.js";

/** Reads `url` into a track of the video and lists its cues as buttons; hides the list where there are none. */
export function showChapters(video, place, url) {
  video.querySelector("track[kind=chapters]")?.remove();
  const track = Object.assign(document.createElement("track"), { kind: "chapters", srclang: "en", src: url });
  track.addEventListener("load", () => list(video, place, [...track.track.cues]));
  track.addEventListener("error", () => (place.hidden = true));
  video.append(track);
  track.track.mode = "hidden";
}

function list(video, place, cues) {
  place.hidden = cues.length < 2;
  place.querySelector("ol").replaceChildren(
    ...cues.map((cue) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "chapter" });
      const time = document.createElement("time");
      time.textContent = lengthOf(cue.startTime);
      const name = Object.assign(document.createElement("bdi"), { textContent: cue.getCueAsHTML().textContent });
      button.append(time, " ", name);
      button.addEventListener("click", () => {
        video.currentTime = cue.startTime;
        void video.play();
      });
      item.append(button);
      return item;
    }),
  );
}
