/** The status badge: an icon, a word and a hue for one state. */

import { capitalised, stateOf } from "./words.js";

export function showBadge(badge, body) {
  const state = stateOf(body);
  if (badge.dataset.state === state) return;
  badge.dataset.state = state;
  badge.querySelector(".badge-word").textContent = capitalised(state);
  const icon = badge.querySelector("use");
  icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, `#${state}`));
}
