// Where a question is written.

import { element } from "./dom.js";

const LONGEST = 8000;
const TELL_FROM = 7000;

/** A form with a text that grows, sent with Enter, broken with Shift and Enter. */
export class ComposerView {
  /** @param {(question: string) => void} ask */
  constructor(ask) {
    this.text = element("textarea", {
      id: "question",
      name: "question",
      rows: 2,
      maxlength: LONGEST,
      required: true,
      placeholder: "Ask about the documents",
      "aria-describedby": "question-hint",
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.form.requestSubmit();
      },
      oninput: () => this.#count(),
    });
    this.button = element("button", { type: "submit", class: "primary" }, "Ask");
    this.hint = element("p", { id: "question-hint", class: "hint" });
    this.form = element(
      "form",
      {
        class: "composer",
        onsubmit: (event) => {
          event.preventDefault();
          const question = this.text.value.trim();
          if (question && !this.button.disabled) ask(question);
        },
      },
      element("label", { for: "question", class: "unseen" }, "Your question"),
      this.text,
      this.button,
      this.hint,
    );
    this.#count();
  }

  /** @param {boolean} isBusy */
  set busy(isBusy) {
    this.button.disabled = isBusy;
    this.form.setAttribute("aria-busy", String(isBusy));
  }

  /** @param {string} question */
  set value(question) {
    this.text.value = question;
    this.#count();
  }

  focus() {
    this.text.focus();
  }

  #count() {
    const length = this.text.value.length;
    this.hint.textContent =
      length < TELL_FROM ? "Enter sends, Shift and Enter begin a line." : `${length} of ${LONGEST} characters`;
  }
}
