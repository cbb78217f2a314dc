/** A list in a row whose items are dragged to another place, with a mouse or a pen; a finger scrolls it. */

const THRESHOLD = 6;

/** `onMove(item, place)` hears where an item was let go, counted from 0; Escape leaves it where it was. */
export function dragAlong(list, onMove) {
  let item = null;
  let start = 0;
  let place = null;

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
    if (item) delete item.dataset.dragged;
    [item, place] = [null, null];
    mark();
  }

  list.addEventListener("dragstart", (event) => event.preventDefault());
  list.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch" || event.target.closest("button")) return;
    item = event.target.closest("li");
    start = event.clientX;
  });
  window.addEventListener("pointermove", ({ clientX }) => {
    if (!item || list.children.length < 2) return;
    if (place === null && Math.abs(clientX - start) < THRESHOLD) return;
    item.dataset.dragged = "";
    place = placeAt(clientX);
    const { left, right } = list.getBoundingClientRect();
    if (clientX < left + 40) list.scrollLeft -= 16;
    if (clientX > right - 40) list.scrollLeft += 16;
    mark();
  });
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
