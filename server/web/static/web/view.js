/** What is drawn only where it is seen, in pages with hundreds of it. */

/**
 * Calls `show(isSeen)` whenever an element with `content-visibility: auto` comes near the view or leaves it.
 *
 * Lazy pictures and players with controls that wait out of view cost the browser work at every frame.
 */
export function followView(element, show) {
  if (!("oncontentvisibilityautostatechange" in element)) return show(true);
  element.addEventListener("contentvisibilityautostatechange", ({ target, skipped }) => target === element && show(!skipped));
}
