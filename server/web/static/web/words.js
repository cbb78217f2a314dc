/** Numbers and states as a person would say them. */

/** The badge's state: the render's own, or that of a project that was never rendered. */
export function stateOf({ status, render }) {
  const state = status === "DRAFT" ? "draft" : (render?.state ?? status.toLowerCase());
  return { running: "rendering", processing: "rendering" }[state] ?? state;
}

export const capitalised = (word) => word[0].toUpperCase() + word.slice(1);

/** A number and its unit, never torn apart at the end of a line. */
export const measure = (number, unit) => `${number}\u00a0${unit}`;

export const plural = (count, one, many) => measure(count, count === 1 ? one : many);

/** `Segment 2 of 6 (33%)` */
export function segmentLine({ current_segment, total_segments, percentage }) {
  return `Segment ${current_segment} of ${total_segments} (${percentage}%)`;
}

/** A length of film: `4.5 s`, `2:05`, `1:02:05`. */
export function lengthOf(seconds) {
  if (seconds < 60) return measure(Number(seconds.toFixed(1)), "s");
  const whole = Math.round(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return (hours ? `${hours}:${two(minutes)}` : `${minutes}`) + `:${two(whole % 60)}`;
}

/** A time left, no more exact than it can be: `a few seconds`, `about 40 s`, `about 3 min`. */
export function timeLeft(seconds) {
  if (seconds < 6) return "a few seconds";
  if (seconds < 55) return `about ${Math.ceil(seconds / 10) * 10} s`;
  if (seconds < 3600) return `about ${Math.max(1, Math.round(seconds / 60))} min`;
  return `about ${Number((seconds / 3600).toFixed(1))} h`;
}
