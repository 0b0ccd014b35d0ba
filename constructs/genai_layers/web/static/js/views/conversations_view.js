// The list of conversations: open one, begin one, delete one or all.

import { element, show } from "./dom.js";

/** @typedef {import("../api.js").Listed} Listed */

/**
 * @typedef {object} Actions
 * @property {(id: string) => void} open
 * @property {() => void} begin
 * @property {(id: string) => Promise<void>} remove
 * @property {() => Promise<void>} removeAll
 * @property {() => void} more
 */

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Shows the list and asks before anything is deleted. */
export class ConversationsView {
  #actions;
  #list = element("ul", { class: "conversations" });
  #foot = element("div", { class: "list-foot" });

  /** @param {Actions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.root = element(
      "nav",
      { class: "side", "aria-label": "Conversations" },
      element("button", { type: "button", class: "new", onclick: () => actions.begin() }, "New conversation"),
      element("h2", {}, "Conversations"),
      this.#list,
      this.#foot,
    );
  }

  /**
   * @param {Listed[]} conversations
   * @param {{current: string | null, titles: Map<string, string>, hasMore: boolean}} state
   */
  show(conversations, { current, titles, hasMore }) {
    show(this.#list, ...conversations.map((one) => this.#item(one, current, titles.get(one.conversation_id))));
    if (conversations.length === 0) this.#list.append(element("li", { class: "hint" }, "None is kept yet."));
    show(
      this.#foot,
      ...(hasMore ? [element("button", { type: "button", class: "quiet", onclick: () => this.#actions.more() }, "Show more")] : []),
      ...(conversations.length > 0 ? [this.#asking("Delete all", "Delete all conversations?", () => this.#actions.removeAll())] : []),
    );
  }

  #item(one, current, title) {
    const time = TIME.format(new Date(one.updated_at));
    const name = title ?? time;
    const count = one.exchanges === 1 ? "1 question" : `${one.exchanges} questions`;
    const isCurrent = one.conversation_id === current;
    return element(
      "li",
      {},
      element(
        "button",
        {
          type: "button",
          class: "open",
          "aria-current": isCurrent ? "true" : null,
          onclick: () => this.#actions.open(one.conversation_id),
        },
        element("span", { class: "title" }, name),
        element("span", { class: "when" }, title ? time : count),
      ),
      this.#asking("Delete", `Delete “${name}”?`, () => this.#actions.remove(one.conversation_id)),
    );
  }

  /** A button that asks before it acts. */
  #asking(verb, question, act) {
    const ask = async () => {
      if (await this.#confirmed(question)) await act();
    };
    return element("button", { type: "button", class: "quiet delete", "aria-label": question.replace("?", ""), onclick: ask }, verb);
  }

  /** @returns {Promise<boolean>} */
  #confirmed(question) {
    const dialog = element(
      "dialog",
      { "aria-labelledby": "confirm-title" },
      element(
        "form",
        { method: "dialog" },
        element("h2", { id: "confirm-title" }, question),
        element("p", {}, "What was asked and answered is erased and cannot be brought back."),
        element(
          "div",
          { class: "actions" },
          element("button", { value: "delete", class: "danger" }, "Delete"),
          element("button", { value: "", class: "quiet", autofocus: true }, "Keep"),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(dialog.returnValue === "delete");
      });
    });
  }
}
