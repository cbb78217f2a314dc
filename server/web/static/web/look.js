/** The dialog for what all of a film has in common: its transitions and how its captions look. */

import { call } from "./api.js";
import { fieldErrors } from "./forms.js";

/**
 * Opens on a click of `button`; `onSaved(project)` is called with the project as it is then. Answers a function that
 * takes a newer project: what is being chosen in the open dialog is left alone.
 */
export function lookDialog(dialog, button, project, edits, onSaved) {
  const form = dialog.querySelector("form");
  const errors = fieldErrors(form);
  let saved = project;
  let filled = [];

  function fill() {
    for (const control of form.querySelectorAll("[name]")) {
      const value = String(saved[control.name]);
      // A size that a script has set is offered like the others.
      if (control.options && ![...control.options].some((option) => option.value === value)) {
        control.append(new Option(value, value));
      }
      control.value = value;
    }
    filled = [...new FormData(form)];
  }

  button.addEventListener("click", () => {
    errors.clear();
    fill();
    dialog.showModal();
  });
  dialog.querySelector("[data-action=close]").addEventListener("click", () => dialog.close());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    errors.clear();
    try {
      const chosen = Object.fromEntries([...new FormData(form)].filter(([, value], index) => value !== filled[index][1]));
      saved = await edits.make(() => call("PATCH", `projects/${project.id}/`, chosen));
    } catch (error) {
      return errors.show(error);
    }
    dialog.close();
    onSaved(saved);
  });

  return (newer) => (saved = newer);
}
