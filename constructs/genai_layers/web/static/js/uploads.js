// A document on its way: hashed, asked for, sent with its progress told, and waited for until it was looked into.

import { ApiError } from "./api.js";

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").UploadedDocument} UploadedDocument */

const TYPES = {
  txt: "text/plain",
  md: "text/markdown",
  markdown: "text/markdown",
  html: "text/html",
  htm: "text/html",
  csv: "text/csv",
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** What a file dialog offers. */
export const ENDS = Object.keys(TYPES).map((end) => `.${end}`).join(",");

const LONGEST_LOOK_SECONDS = 180;

/** Media type of a document by the end of its name; empty where it is none that is taken. @param {string} name */
export function typeOf(name) {
  const end = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(TYPES, end) ? TYPES[end] : "";
}

/** @param {ArrayBuffer} content @returns {Promise<string>} */
export async function sha256(content) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Upload *file*, and wait until it was looked into.
 *
 * @param {Api} api
 * @param {File} file
 * @param {(share: number) => void} hear Is told how much was sent, from 0 to 1.
 * @param {{send?: typeof send, wait?: (seconds: number) => Promise<void>}} [how]
 * @returns {Promise<UploadedDocument>} Accepted, refused, or still being looked into after three minutes.
 */
export async function upload(api, file, hear, { send: sending = send, wait = pause } = {}) {
  const hash = await sha256(await file.arrayBuffer());
  const begun = await api.beginUpload({ name: file.name, size: file.size, type: typeOf(file.name), sha256: hash });
  await sending(begun.upload, file, hear);
  return settled(api, begun.id, wait);
}

async function settled(api, id, wait) {
  let seconds = 1;
  for (let waited = 0; ; waited += seconds) {
    const found = await api.document(id);
    if (found.status === "accepted" || found.status === "refused" || waited >= LONGEST_LOOK_SECONDS) return found;
    await wait(seconds);
    seconds = Math.min(seconds * 1.5, 5);
  }
}

/**
 * Send a form to its bucket. `fetch` cannot say how much of a body was sent.
 *
 * @param {{url: string, fields: Record<string, string>}} form
 * @param {Blob} file
 * @param {(share: number) => void} hear
 * @returns {Promise<void>}
 */
export function send({ url, fields }, file, hear) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  // S3 reads nothing that follows the file.
  body.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (status) => reject(new ApiError(status, { code: "upload_failed", message: "the document was not taken" }, 0));
    request.upload.onprogress = (event) => event.lengthComputable && hear(event.loaded / event.total);
    request.onload = () => (request.status >= 200 && request.status < 300 ? resolve() : fail(request.status));
    request.onerror = () => fail(0);
    request.open("POST", url);
    request.send(body);
  });
}

function pause(seconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}
