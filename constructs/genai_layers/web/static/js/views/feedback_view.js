// What a person says of an answer: two buttons, and a comment for who wants to say why.

import { element } from "./dom.js";

const LONGEST = 1000;
const RATINGS = [
  ["up", "Of use"],
  ["down", "Of no use"],
];

let forms = 0;

/**
 * @param {{rating: "up" | "down", comment: string} | undefined} said What was said before.
 * @param {(rating: "up" | "down", comment: string) => Promise<boolean>} rate Keeps it; says whether it could.
 * @returns {HTMLElement}
 */
export function feedbackView(said, rate) {
  forms += 1;
  let rating = said?.rating ?? null;
  const state = element("span", { class: "hint", "aria-live": "polite" });
  const comment = element("input", { id: `comment-${forms}`, maxlength: LONGEST, value: said?.comment ?? "" });
  const form = element(
    "form",
    {
      class: "comment",
      hidden: rating === null,
      onsubmit: (event) => {
        event.preventDefault();
        keep(rating);
      },
    },
    element("label", { for: comment.id }, "Why? (if you like)"),
    comment,
    element("button", { type: "submit", class: "quiet" }, "Send comment"),
  );
  const buttons = RATINGS.map(([value, label]) =>
    element(
      "button",
      { type: "button", class: "quiet rate", "aria-pressed": String(rating === value), onclick: () => keep(value) },
      label,
    ),
  );

  async function keep(value) {
    state.textContent = "";
    for (const button of buttons) button.disabled = true;
    const isKept = await rate(value, comment.value.trim());
    for (const button of buttons) button.disabled = false;
    if (!isKept) return;
    rating = value;
    form.hidden = false;
    state.textContent = "Thank you.";
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(RATINGS[at][0] === rating)));
  }

  return element("div", { class: "feedback", role: "group", "aria-label": "Was this answer of use?" }, ...buttons, form, state);
}
