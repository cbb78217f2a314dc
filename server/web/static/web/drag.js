/** A list in a row whose items are dragged to another place, with a mouse, a pen or a finger that was held first. */

const THRESHOLD = 6;
/** A finger that rests so long lifts an item; one that moves before scrolls the list. */
const HOLD = 350;

/** `onMove(item, place)` hears where an item was let go, counted from 0; Escape leaves it where it was. */
export function dragAlong(list, onMove) {
  let item = null;
  let start = 0;
  let place = null;
  let holding = 0;

  const others = () => [...list.children].filter((other) => other !== item);

  function placeAt(x) {
    const isMirrored = getComputedStyle(list).direction === "rtl";
    return others().filter((other) => {
      const { left, width } = other.getBoundingClientRect();
      return isMirrored ? x < left + width / 2 : x > left + width / 2;
    }).length;
  }

  function mark() {
    for (const other of list.children) delete other.dataset.drop;
    if (place === null) return;
    const rest = others();
    if (place < rest.length) rest[place].dataset.drop = "before";
    else rest.at(-1).dataset.drop = "after";
  }

  function end() {
    clearTimeout(holding);
    holding = 0;
    if (item) delete item.dataset.dragged;
    [item, place] = [null, null];
    mark();
  }

  function lift() {
    item.dataset.dragged = "";
    place = [...list.children].indexOf(item);
    mark();
  }

  list.addEventListener("dragstart", (event) => event.preventDefault());
  list.addEventListener("pointerdown", (event) => {
    end();
    if (event.button !== 0 || event.target.closest(".tile-play") || list.children.length < 2) return;
    item = event.target.closest("li");
    start = event.clientX;
    if (item && event.pointerType === "touch") holding = setTimeout(lift, HOLD);
  });
  window.addEventListener("pointermove", ({ clientX, pointerType }) => {
    if (!item) return;
    if (place === null && Math.abs(clientX - start) < THRESHOLD) return;
    if (place === null && pointerType === "touch") return end(); // it scrolls
    if (place === null) lift();
    place = placeAt(clientX);
    const { left, right } = list.getBoundingClientRect();
    if (clientX < left + 40) list.scrollLeft -= 16;
    if (clientX > right - 40) list.scrollLeft += 16;
    mark();
  });
  // Only a listener that may prevent it keeps a finger that has lifted something from scrolling.
  list.addEventListener("touchmove", (event) => place !== null && event.preventDefault(), { passive: false });
  // A long press is also how a finger asks for the menu of a link.
  list.addEventListener("contextmenu", (event) => holding && event.preventDefault());
  window.addEventListener("pointerup", () => {
    const [moved, to] = [item, place];
    end();
    if (to === null) return;
    // A click that follows a drag is none on the link that was dragged; where none follows, the next one counts.
    const swallow = (event) => event.preventDefault();
    window.addEventListener("click", swallow, { capture: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }));
    onMove(moved, to);
  });
  window.addEventListener("pointercancel", end);
  window.addEventListener("keydown", (event) => event.key === "Escape" && end());
}
