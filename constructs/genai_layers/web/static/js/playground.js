// What the playground tells of two models: each event with the model that it is of.

import { eventsIn } from "./events.js";

/** @typedef {{id: string, name: string, input_usd_per_million: number | null, output_usd_per_million: number | null, max_output: number}} PlaygroundModel */

/**
 * @typedef {object} Tried
 * @property {number} model Which of the models that were asked.
 * @property {string} model_id
 * @property {string} text
 * @property {import("./api.js").Usage} usage
 * @property {number} first_words_ms
 * @property {number} total_ms
 * @property {string} stop_reason
 * @property {boolean} stopped_by_guardrail
 */

/**
 * @typedef {object} Hearing
 * @property {(model: number, text: string) => void} piece
 * @property {(model: number, answer: Tried) => void} answer
 * @property {(model: number | null, message: string) => void} error Null is all of them together.
 */

/**
 * Tell *hearing* what comes, until all is said.
 *
 * @param {ReadableStream<Uint8Array>} stream
 * @param {Hearing} hearing
 */
export async function played(stream, hearing) {
  for await (const { name, data } of eventsIn(stream)) {
    const told = JSON.parse(data);
    const model = Number.isInteger(told.model) ? told.model : null;
    if (name === "error") hearing.error(model, told.error?.message ?? "it failed");
    else if (name === "piece" && model !== null) hearing.piece(model, told.text);
    else if (name === "answer" && model !== null) hearing.answer(model, told);
  }
}

/**
 * What is asked, of the fields of a form; what was left empty is left out.
 *
 * @param {Record<string, string>} values
 * @returns {Record<string, unknown>}
 */
export function asked(values) {
  const models = [values.first, values.second].filter((id) => id);
  const numbers = ["max_tokens", "temperature", "top_p"].filter((name) => values[name]?.trim());
  return {
    prompt: values.prompt,
    ...(values.system?.trim() ? { system: values.system } : {}),
    models,
    ...Object.fromEntries(numbers.map((name) => [name, Number(values[name])])),
  };
}
