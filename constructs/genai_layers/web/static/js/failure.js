// What went wrong with the API, for the person.

import { ApiError } from "./api.js";
import { SignInError } from "./cognito.js";

const SENTENCES = {
  unreachable: "The service cannot be reached. Check the connection and ask again.",
  forbidden: "You may not use this. An administrator can give you access.",
  not_found: "This conversation is no longer there.",
  conflict: "This question is still being answered. Ask again in a moment.",
  request_too_large: "This question is too long.",
  model_timeout: "The answer took too long. Ask again, or ask for less.",
  model_unavailable: "The model is not available. Ask again in a moment.",
  too_many_documents: "You have as many documents as one may. Remove one first.",
  upload_failed: "The document could not be sent. Choose it again.",
  internal_error: "Something went wrong on the other side. Ask again.",
};

/**
 * @param {unknown} error
 * @returns {{message: string, isBudget: boolean}}
 */
export function failure(error) {
  if (error instanceof SignInError || (error instanceof ApiError && error.status === 401)) {
    return { message: "Your session is over. Sign out and sign in again.", isBudget: false };
  }
  if (!(error instanceof ApiError)) {
    return { message: `Something went wrong in this page: ${error instanceof Error ? error.message : error}`, isBudget: false };
  }
  if (error.code === "token_budget_exhausted") {
    const at = error.resetsAt ? new Date(error.resetsAt).toLocaleString() : "midnight UTC";
    return { message: `The tokens of today are used up. More are there at ${at}.`, isBudget: true };
  }
  if (error.status === 429) {
    const seconds = error.again || 1;
    return { message: `There are too many requests. Ask again in ${seconds} s.`, isBudget: false };
  }
  return { message: SENTENCES[error.code] ?? `The request was refused: ${error.message}`, isBudget: false };
}
