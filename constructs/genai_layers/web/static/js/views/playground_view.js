// One prompt, two models side by side, with what each took.

import { failure } from "../failure.js";
import { asked } from "../playground.js";
import { element, show } from "./dom.js";
import { field } from "./fields.js";

/** @typedef {import("../api.js").Api} Api */
/** @typedef {import("../playground.js").PlaygroundModel} PlaygroundModel */

const DASH = "–";

/** A form, and the answers below it. */
export class PlaygroundView {
  #api;
  #say;
  /** @type {PlaygroundModel[]} */
  #models = [];
  #first = element("select", { id: "first", name: "first" });
  #second = element("select", { id: "second", name: "second" });
  #button = element("button", { type: "submit", class: "primary" }, "Compare");
  #alerts = element("div");
  #results = element("div", { class: "results" });
  #form;

  /** @param {Api} api @param {(text: string) => void} say Tells people who hear the page. */
  constructor(api, say) {
    this.#api = api;
    this.#say = say;
    this.#form = element(
      "form",
      { class: "trial", onsubmit: (event) => this.#run(event) },
      labelled("Prompt", element("textarea", { id: "prompt", name: "prompt", rows: 4, required: true })),
      labelled("Told beforehand (system prompt)", element("textarea", { id: "system", name: "system", rows: 2 })),
      element("div", { class: "choices" }, labelled("First model", this.#first), labelled("Second model", this.#second)),
      element(
        "div",
        { class: "choices" },
        field("Most tokens", { name: "max_tokens", type: "number", min: 1, step: 1 }),
        field("Temperature", { name: "temperature", type: "number", min: 0, max: 1, step: 0.05 }),
        field("Top P", { name: "top_p", type: "number", min: 0, max: 1, step: 0.05 }),
      ),
      this.#button,
      this.#alerts,
    );
    this.root = element("section", { class: "playground", "aria-label": "Playground" }, this.#form, this.#results);
  }

  /** Read which models there are. */
  async begin() {
    try {
      this.#models = await this.#api.playgroundModels();
    } catch (error) {
      this.#fail(failure(error).message);
      return;
    }
    const options = () => this.#models.map((one) => element("option", { value: one.id }, `${one.name}${price(one)}`));
    show(this.#first, ...options());
    show(this.#second, element("option", { value: "" }, "None"), ...options());
    if (this.#models.length > 1) this.#second.value = this.#models[1].id;
  }

  async #run(event) {
    event.preventDefault();
    if (this.#button.disabled) return;
    const wanted = asked(Object.fromEntries(new FormData(this.#form)));
    const columns = wanted.models.map((id) => column(this.#models.find((one) => one.id === id)?.name ?? id));
    show(this.#results, ...columns.map((one) => one.root));
    show(this.#alerts);
    this.#button.disabled = true;
    this.#form.setAttribute("aria-busy", "true");
    this.#say("The prompt was sent.");
    try {
      await this.#api.play(wanted, {
        piece: (model, text) => columns[model]?.add(text),
        answer: (model, told) => columns[model]?.end(told),
        error: (model, message) => (model === null ? this.#fail(message) : columns[model]?.fail(message)),
      });
      this.#say(columns.map((one) => one.summary()).join(" "));
    } catch (error) {
      this.#fail(failure(error).message);
    } finally {
      for (const one of columns) one.stop();
      this.#button.disabled = false;
      this.#form.setAttribute("aria-busy", "false");
    }
  }

  #fail(message) {
    show(this.#alerts, element("p", { class: "failure", role: "alert" }, message));
  }
}

function column(name) {
  const text = element("p", { class: "prose" });
  const facts = element("dl", { class: "facts" });
  const root = element("article", { class: "message answer", tabindex: "0", "aria-label": name, "aria-busy": "true" },
    element("h3", {}, name), text, facts);
  let state = "has not answered.";
  return {
    root,
    add(piece) {
      text.append(piece);
    },
    end(told) {
      // The answer that counts replaces what was told on the way.
      text.textContent = told.text;
      const { usage } = told;
      const rows = [
        ["Tokens read", usage.input_tokens.toLocaleString("en")],
        ["Tokens written", usage.output_tokens.toLocaleString("en")],
        ["USD", usage.usd === null ? DASH : usage.usd.toFixed(6)],
        ["First words", milliseconds(told.first_words_ms)],
        ["In all", milliseconds(told.total_ms)],
        ["Ended", told.stopped_by_guardrail ? "stopped by the guardrail" : told.stop_reason],
      ];
      show(facts, ...rows.map(([term, value]) => element("div", {}, element("dt", {}, term), element("dd", {}, value))));
      if (told.stopped_by_guardrail) root.classList.add("stopped");
      state = `answered in ${milliseconds(told.total_ms)}.`;
    },
    fail(message) {
      show(facts);
      text.after(element("p", { class: "failure", role: "alert" }, message));
      state = "failed.";
    },
    stop() {
      root.setAttribute("aria-busy", "false");
    },
    summary() {
      return `${name} ${state}`;
    },
  };
}

function labelled(label, control) {
  return element("div", { class: "field" }, element("label", { for: control.id }, label), control);
}

function milliseconds(count) {
  return count === null || count === undefined ? DASH : `${Math.round(count).toLocaleString("en")} ms`;
}

function price(one) {
  if (one.input_usd_per_million === null || one.output_usd_per_million === null) return "";
  return ` (${one.input_usd_per_million} and ${one.output_usd_per_million} USD a million tokens)`;
}
