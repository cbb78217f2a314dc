/** Files from anywhere: dropped on the page, or pasted. */

/** `onFiles(files)` hears of all of them; `hint` is shown while files hang over the page. */
export function acceptFiles(hint, onFiles) {
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const over = (change) => {
    depth = Math.max(0, depth + change);
    hint.hidden = depth === 0;
  };
  window.addEventListener("dragenter", (event) => carriesFiles(event) && over(1));
  window.addEventListener("dragleave", (event) => carriesFiles(event) && over(-1));
  window.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  window.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(-depth);
    onFiles([...event.dataTransfer.files]);
  });
  window.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    onFiles(files);
  });
}
