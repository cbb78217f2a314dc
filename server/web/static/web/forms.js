/** Shows what the API says of a field beside that field. */

import { ApiError } from "./api.js";

/**
 * Takes a container with controls named as the API names them, an element
 * `[data-error=name]` for each, and `[data-error=""]` for what concerns none of them.
 */
export function fieldErrors(container) {
  const placeOf = (name) => container.querySelector(`[data-error="${name}"]`);

  function say(name, message) {
    const place = placeOf(name) ?? placeOf("");
    place.textContent = message;
    place.hidden = !message;
    const control = name && container.querySelector(`[name="${name}"]`);
    if (!control) return;
    control.ariaInvalid = message ? "true" : null;
    control.ariaDescribedByElements = message ? [place] : null;
  }

  return {
    clear() {
      for (const place of container.querySelectorAll("[data-error]")) say(place.dataset.error, "");
    },

    /** Shows an ApiError where it belongs; `field` is what was being sent, if only one was. */
    show(error, field = "") {
      if (!(error instanceof ApiError)) throw error;
      const named = Object.entries(error.fields).filter(([name]) => placeOf(name));
      for (const [name, messages] of named) say(name, [messages].flat().join(" "));
      if (!named.length) say(field, error.message);
    },

    /** Shows a sentence of our own at one field; an empty one clears it. */
    say,
  };
}
