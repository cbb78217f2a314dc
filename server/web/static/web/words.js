/** Numbers and states as a person would say them. */

/** The badge's state: the render's own, or that of a project that was never rendered. */
export function stateOf({ status, render }) {
  const state = status === "DRAFT" ? "draft" : (render?.state ?? status.toLowerCase());
  return { running: "rendering", processing: "rendering" }[state] ?? state;
}

export const capitalised = (word) => word[0].toUpperCase() + word.slice(1);

/** A number and its unit, never torn apart at the end of a line. */
export const measure = (number, unit) => `${number}\u00a0${unit}`;

/** A title within a sentence: whichever way it reads, it turns nothing else around. */
export const quoted = (title) => `“\u2068${title}\u2069”`;

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

/** A size of a file, no more exact than it can be: `850 kB`, `12 MB`. */
export function sizeOf(bytes) {
  const units = ["kB", "MB", "GB", "TB"];
  let [size, unit] = [bytes / 1000, 0];
  while (size >= 999.5 && unit < units.length - 1) [size, unit] = [size / 1000, unit + 1];
  return measure(Number(size.toPrecision(size < 10 ? 2 : 3)), units[unit]);
}

/** What there is to say, in one line; where it wraps, a line ends with the dot between two of them. */
export const listed = (parts) => parts.filter(Boolean).join("\u00a0· ");

/** What a finished film is: `2:05 · 12 MB · rendered in 40 s` */
export function filmLine({ output_seconds, output_bytes, started_at, completed_at }) {
  const took = (Date.parse(completed_at) - Date.parse(started_at)) / 1000;
  return listed([
    output_seconds && lengthOf(output_seconds),
    output_bytes && sizeOf(output_bytes),
    Number.isFinite(took) && `rendered in ${lengthOf(Math.max(took, 0.1))}`,
  ]);
}

/** What a render would take: `2 of 6 segments will be rendered · about 40 s · about 12 MB` */
export function estimateLine({ segments, cached_segments, estimated_seconds, estimated_bytes }) {
  const fresh = segments - cached_segments;
  const said = {
    0: "Nothing has to be rendered again",
    [segments]: `${plural(segments, "segment", "segments")} will be rendered`,
  };
  return listed([
    said[fresh] ?? `${fresh} of ${plural(segments, "segment", "segments")} will be rendered`,
    estimated_seconds !== null && timeLeft(estimated_seconds),
    estimated_bytes !== null && `about ${sizeOf(estimated_bytes)}`,
  ]);
}

/** A time left, no more exact than it can be: `a few seconds`, `about 40 s`, `about 3 min`. */
export function timeLeft(seconds) {
  if (seconds < 6) return "a few seconds";
  if (seconds <= 50) return `about ${Math.ceil(seconds / 10) * 10} s`;
  if (seconds < 3600) return `about ${Math.max(1, Math.round(seconds / 60))} min`;
  return `about ${Number((seconds / 3600).toFixed(1))} h`;
}

/** What a segment needs before it can be rendered, in words. */
export const lacksOf = ({ image_file, seconds }) =>
  [!image_file && "a picture", seconds === null && "a sound or a length"].filter(Boolean);
