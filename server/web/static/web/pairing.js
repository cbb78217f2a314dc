/** Which sound belongs to which picture, when many files are dropped at once. */

const PICTURE = /\.(jpe?g|png|webp)$/i;

const stem = (file) => file.name.replace(/\.[^.]*$/, "").toLowerCase();

/** Whether a file says that it is a picture; whatever else comes is taken for a sound, and checked by the server. */
export const isPicture = (file) => file.type.startsWith("image/") || (!file.type && PICTURE.test(file.name));

/**
 * Segments to make of files: sounds go to pictures of the same name, the others to the remaining pictures in order,
 * and what is left over makes segments of its own. Pictures keep the order of their names, numbers by their value.
 */
export function pairs(files) {
  const byName = (one, other) => one.name.localeCompare(other.name, undefined, { numeric: true });
  const pictures = files.filter(isPicture).sort(byName);
  const sounds = files.filter((file) => !isPicture(file)).sort(byName);
  const take = (wanted) => {
    const index = sounds.findIndex(wanted);
    return index < 0 ? undefined : sounds.splice(index, 1)[0];
  };
  const segments = pictures.map((picture) => ({
    image_file: picture,
    audio_file: take((sound) => stem(sound) === stem(picture)),
  }));
  for (const segment of segments) segment.audio_file ??= take(() => true);
  return [...segments, ...sounds.map((sound) => ({ audio_file: sound }))].map((segment) =>
    Object.fromEntries(Object.entries(segment).filter(([, file]) => file)),
  );
}
