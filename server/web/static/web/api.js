/** The REST API: JSON or a form goes in; data or an ApiError comes out. */

/** Path under which Rushes is mounted: "" at the root, "/rushes" behind a proxy that adds it. */
export const base = document.querySelector('meta[name="rushes-base"]').content;

/** What went wrong, in the server's words; `fields` maps the name of a field to its messages. */
export class ApiError extends Error {
  constructor(status, body) {
    super(body.message);
    this.status = status;
    this.code = body.code;
    this.fields = body.fields ?? {};
  }

  /** What is wrong, without the API's name for where: for a place that says it by itself. */
  get reason() {
    return Object.values(this.fields).flat().join(" ") || this.message;
  }
}

const unreachable = () =>
  new ApiError(0, {
    code: "unreachable",
    message: "The server can’t be reached. Check the connection, then try again.",
  });

function parsed(status, text) {
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    // A proxy's error page, not ours: the status below says it all.
  }
  if (status >= 200 && status < 300) return body;
  throw new ApiError(status, {
    ...body,
    message: body?.message ?? `The server answered with an error (${status}).`,
  });
}

/** Prefixes a path that the server gave relative to its own root. */
export function located(url) {
  if (!url || !url.startsWith("/") || !base || url.startsWith(`${base}/`)) return url;
  return base + url;
}

/** The same of a segment's picture, as small as one of hundreds is shown. */
export const thumbnailOf = (url) => url && `${located(url)}?thumbnail=1`;

/** Calls `/api/…` with an optional JSON body. Changes go on when the page is gone. */
export async function call(method, path, body) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response, text;
  try {
    response = await fetch(`${base}/api/${path}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
      keepalive: ["PATCH", "DELETE"].includes(method),
    });
    text = await response.text();
  } catch {
    throw unreachable();
  }
  return parsed(response.status, text);
}

/** Sends a form with files; `onProgress` hears the share that has left, 0 to 1 (fetch can't tell). */
export function upload(method, path, fields, onProgress) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, `${base}/api/${path}`);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      try {
        resolve(parsed(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.send(form);
  });
}
