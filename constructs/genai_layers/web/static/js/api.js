// The chat's API: one method a route, errors with the API's own code and message.

import { eventsIn } from "./events.js";
import { played } from "./playground.js";

/** @typedef {{text: string, source: string, score: number}} Citation */
/** @typedef {{input_tokens: number, output_tokens: number, usd: number | null}} Usage */

/**
 * @typedef {object} Answer
 * @property {string} conversation_id
 * @property {string} [at]
 * @property {string} answer
 * @property {Citation[]} citations
 * @property {Usage} usage
 * @property {boolean} stopped_by_guardrail
 * @property {string} [stop_reason]
 */

/**
 * @typedef {object} Message
 * @property {"user" | "assistant"} role
 * @property {string} at
 * @property {string} text
 * @property {Citation[]} [citations]
 * @property {Usage} [usage]
 * @property {boolean} [stopped_by_guardrail]
 * @property {Feedback} [feedback]
 */

/** @typedef {{rating: "up" | "down", comment: string}} Feedback */
/** @typedef {{budgets: {of: string, tokens: number, tokens_per_day: number}[], resets_at: string}} Budgets */

/**
 * @typedef {object} UploadedDocument
 * @property {string} id
 * @property {string} name
 * @property {"waiting" | "scanning" | "accepted" | "refused"} status
 * @property {{code: string, message: string}} [refused]
 */

/** @typedef {{conversation_id: string, updated_at: string, exchanges: number}} Listed */

/** The API refused, or cannot be reached (`status` 0). */
export class ApiError extends Error {
  /** @param {number} status @param {{code?: string, message?: string, resets_at?: string}} error @param {number} again */
  constructor(status, error, again) {
    super(error.message ?? `HTTP ${status}`);
    this.status = status;
    this.code = error.code ?? "";
    this.resetsAt = error.resets_at ?? null;
    /** Seconds after which it makes sense to come again; 0 where the API said nothing. */
    this.again = again;
  }
}

const ATTEMPTS = 3;
const LONGEST_WAIT_SECONDS = 10;
const EVENTS = "text/event-stream";

/** The API, for whoever is signed in. */
export class Api {
  #url;
  #token;
  #wait;

  /**
   * @param {string} url Without a slash at its end.
   * @param {() => Promise<string>} token
   * @param {(seconds: number) => Promise<void>} [wait]
   */
  constructor(url, token, wait = pause) {
    this.#url = url;
    this.#token = token;
    this.#wait = wait;
  }

  /**
   * Ask; a lost answer is asked for again under the same key, so that the model is asked once.
   *
   * @param {string} question
   * @param {string | null} conversationId Null begins a conversation.
   * @param {(text: string | null) => void} [hear] Is told the answer while it is written, and null where it begins
   *   anew; the answer that is returned is the one that counts.
   * @returns {Promise<Answer>}
   */
  async ask(question, conversationId, hear = () => undefined) {
    const body = conversationId ? { question, conversation_id: conversationId } : { question };
    const headers = { "idempotency-key": crypto.randomUUID() };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#send("POST", "/chat", { body, headers, hear });
      } catch (error) {
        if (!(error instanceof ApiError) || attempt === ATTEMPTS || !isWorthAnother(error)) throw error;
        hear(null);
        await this.#wait(Math.max(error.again, attempt));
      }
    }
  }

  /** @param {string | null} [after] @returns {Promise<{conversations: Listed[], after: string | null}>} */
  conversations(after = null) {
    return this.#send("GET", `/conversations${after ? `?after=${encodeURIComponent(after)}` : ""}`);
  }

  /**
   * @param {string} id
   * @param {string | null} [before]
   * @returns {Promise<{messages: Message[], before: string | null}>}
   */
  conversation(id, before = null) {
    const query = before ? `?before=${encodeURIComponent(before)}` : "";
    return this.#send("GET", `/conversations/${encodeURIComponent(id)}${query}`);
  }

  /** @param {string} id */
  deleteConversation(id) {
    return this.#send("DELETE", `/conversations/${encodeURIComponent(id)}`);
  }

  /** Delete all that the user asked, however many requests it takes. */
  async deleteConversations() {
    for (;;) {
      const deleted = await this.#send("DELETE", "/conversations");
      if (deleted.is_complete) return;
    }
  }

  /**
   * Say what one thinks of an answer.
   *
   * @param {string} id Conversation.
   * @param {string} at When it was answered.
   * @param {"up" | "down"} rating
   * @param {string} comment
   */
  rate(id, at, rating, comment) {
    const body = comment ? { at, rating, comment } : { at, rating };
    return this.#send("POST", `/conversations/${encodeURIComponent(id)}/feedback`, { body });
  }

  /** @returns {Promise<Budgets | null>} Null where the API has no such route. */
  async usage() {
    try {
      return await this.#send("GET", "/usage");
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return null;
      throw error;
    }
  }

  /** @returns {Promise<{documents: UploadedDocument[]}>} */
  documents() {
    return this.#send("GET", "/documents");
  }

  /** @param {string} id @returns {Promise<UploadedDocument>} */
  document(id) {
    return this.#send("GET", `/documents/${encodeURIComponent(id)}`);
  }

  beginUpload(wanted) {
    return this.#send("POST", "/documents", { body: wanted });
  }

  /** @param {string} id */
  removeDocument(id) {
    return this.#send("DELETE", `/documents/${encodeURIComponent(id)}`);
  }

  /** @returns {Promise<import("./playground.js").PlaygroundModel[]>} */
  playgroundModels() {
    return this.#send("GET", "/playground/models");
  }

  /** @param {Record<string, unknown>} wanted @param {import("./playground.js").Hearing} hear */
  play(wanted, hear) {
    return this.#send("POST", "/playground", { body: wanted, hear, listen: played });
  }

  /** @returns {Promise<string>} Id of the model that answers. */
  async model() {
    const listed = await this.#send("GET", "/v1/models");
    return listed.data[0]?.id ?? "";
  }

  async #send(method, path, { body = null, headers = {}, hear = null, listen = heard } = {}) {
    const token = await this.#token();
    let response;
    try {
      response = await fetch(this.#url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === null ? {} : { "content-type": "application/json" }),
          ...(hear === null ? {} : { accept: EVENTS }),
          ...headers,
        },
        body: body === null ? undefined : JSON.stringify(body),
        cache: "no-store",
        credentials: "omit",
      });
    } catch (error) {
      throw new ApiError(0, { code: "unreachable", message: String(error) }, 0);
    }
    if (hear !== null && response.headers.get("content-type")?.startsWith(EVENTS)) return listen(response.body, hear);
    const text = await response.text();
    const answer = parsed(text);
    if (!response.ok) {
      const again = Number(response.headers.get("retry-after")) || 0;
      throw new ApiError(response.status, answer.error ?? { message: answer.message }, again);
    }
    return answer;
  }
}

/** The whole answer at the end of *stream*. One that breaks off is asked for again, and was perhaps kept by then. */
async function heard(stream, hear) {
  try {
    for await (const { name, data } of eventsIn(stream)) {
      const told = parsed(data);
      if (name === "answer") return told;
      if (name === "error") throw new ApiError(502, told.error, 0);
      if (name === "piece") hear(told.text);
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(0, { code: "unreachable", message: String(error) }, 0);
  }
  throw new ApiError(0, { code: "unreachable", message: "the answer broke off" }, 0);
}

function isWorthAnother(error) {
  const isPassing = error.code === "unreachable" || error.code === "conflict" || error.status === 503;
  return isPassing && error.again <= LONGEST_WAIT_SECONDS;
}

function parsed(text) {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    return { message: "the answer is not one of the API's" };
  }
}

function pause(seconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}
