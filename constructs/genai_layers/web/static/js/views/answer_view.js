// A question or an answer as an article, its sources below it.

import { blocks, documentName } from "../text.js";
import { element } from "./dom.js";
import { feedbackView } from "./feedback_view.js";

/** @typedef {import("../api.js").Citation} Citation */

let articles = 0;

/** @param {string} text @returns {HTMLElement} */
export function questionView(text) {
  return element("article", { class: "message question" }, element("h3", { class: "who" }, "You"), prose(text));
}

/**
 * @param {{text: string, citations: Citation[], usage: import("../api.js").Usage | undefined, isStopped: boolean,
 *   stopReason?: string, feedback?: import("../api.js").Feedback,
 *   rate?: (rating: "up" | "down", comment: string) => Promise<boolean>}} answer
 * @returns {HTMLElement}
 */
export function answerView({ text, citations, usage, isStopped, stopReason, feedback, rate }) {
  articles += 1;
  const prefix = `source-${articles}-`;
  const body = blocks(text, citations.length).map((block) => blockView(block, prefix));
  return element(
    "article",
    { class: isStopped ? "message answer stopped" : "message answer", tabindex: "-1" },
    element("h3", { class: "who" }, isStopped ? "Stopped by the guardrail" : "Answer"),
    ...body,
    stopReason === "length" && element("p", { class: "note" }, "The answer was cut off at its longest length."),
    citations.length > 0 && sourcesView(citations, prefix),
    usage && element("p", { class: "cost" }, costText(usage)),
    rate && feedbackView(feedback, rate),
  );
}

/** @param {import("../api.js").Usage} usage @returns {string} */
function costText(usage) {
  const tokens = `${usage.input_tokens.toLocaleString("en")} tokens read, ${usage.output_tokens.toLocaleString("en")} written`;
  return usage.usd === null ? tokens : `${tokens}, ${usage.usd.toFixed(usage.usd < 0.01 ? 5 : 2)} USD`;
}

function prose(text) {
  return element("p", { class: "prose" }, text);
}

function blockView(block, prefix) {
  if (block.kind === "code") return element("pre", { tabindex: "0" }, element("code", {}, block.text));
  if (block.kind === "list") {
    const items = block.items.map((item) => element("li", {}, ...item.map((piece) => pieceView(piece, prefix))));
    return element(block.isOrdered ? "ol" : "ul", {}, ...items);
  }
  const name = block.kind === "heading" ? "h4" : "p";
  return element(name, { class: "prose" }, ...block.pieces.map((piece) => pieceView(piece, prefix)));
}

function pieceView(piece, prefix) {
  if (piece.kind === "text") return document.createTextNode(piece.text);
  if (piece.kind !== "mark") return element(piece.kind, {}, piece.text);
  const open = () => {
    const source = /** @type {HTMLDetailsElement} */ (document.getElementById(prefix + piece.number));
    source.open = true;
    source.querySelector("summary")?.focus();
  };
  return element(
    "button",
    { type: "button", class: "mark", "aria-label": `Source ${piece.number}`, onclick: open },
    String(piece.number),
  );
}

/** @param {Citation[]} citations @param {string} prefix */
function sourcesView(citations, prefix) {
  const list = citations.map((citation, at) =>
    element(
      "li",
      {},
      element(
        "details",
        { id: prefix + (at + 1) },
        element(
          "summary",
          {},
          element("span", { class: "number" }, String(at + 1)),
          element("span", { class: "document" }, documentName(citation.source)),
          element("span", { class: "score" }, `score ${citation.score.toFixed(2)}`),
        ),
        element("blockquote", {}, citation.text),
        element("p", { class: "address" }, citation.source),
      ),
    ),
  );
  return element("section", { class: "sources", "aria-label": "Sources" }, element("h4", {}, "Sources"), element("ol", {}, ...list));
}
