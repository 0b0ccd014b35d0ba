// Documents of one's own: add one, see what became of it, remove one.

import { failure } from "../failure.js";
import { ENDS, typeOf, upload } from "../uploads.js";
import { element, show } from "./dom.js";

/** @typedef {import("../api.js").Api} Api */
/** @typedef {import("../api.js").UploadedDocument} UploadedDocument */

const STATES = {
  waiting: "waiting for its upload",
  scanning: "being looked into",
  accepted: "accepted",
  refused: "refused",
};

/** The list of documents, and where one is added. */
export class DocumentsView {
  #api;
  #say;
  #send;
  #list = element("ul", { class: "documents" });
  #progress = element("progress", { max: 1, value: 0, "aria-label": "Sent" });
  #state = element("p", { class: "hint" });
  #alerts = element("div");
  #file = element("input", { id: "document", type: "file", accept: ENDS, onchange: () => this.#add() });

  /**
   * @param {Api} api
   * @param {(text: string) => void} say Tells people who hear the page.
   * @param {typeof upload} [send]
   */
  constructor(api, say, send = upload) {
    this.#api = api;
    this.#say = say;
    this.#send = send;
    this.#progress.hidden = true;
    this.root = element(
      "section",
      { class: "own-documents", "aria-label": "Documents" },
      element("h2", {}, "Your documents"),
      element("label", { for: "document" }, "Add a document"),
      this.#file,
      this.#progress,
      this.#state,
      this.#alerts,
      this.#list,
    );
  }

  /** Read what there is. */
  async begin() {
    await this.#tried(() => this.#read());
  }

  async #read() {
    const { documents } = await this.#api.documents();
    show(this.#list, ...documents.map((one) => this.#item(one)));
    if (documents.length === 0) this.#list.append(element("li", { class: "hint" }, "None yet."));
  }

  /** @param {UploadedDocument} one */
  #item(one) {
    const remove = () => this.#tried(async () => {
      await this.#api.removeDocument(one.id);
      this.#say(`${one.name} is removed.`);
      await this.#read();
      this.#file.focus();
    });
    return element(
      "li",
      { class: `document-${one.status}` },
      element("span", { class: "name" }, one.name),
      element("span", { class: "when" }, STATES[one.status] + (one.refused ? `: ${one.refused.message}` : "")),
      element("button", { type: "button", class: "quiet delete", "aria-label": `Remove ${one.name}`, onclick: remove }, "Remove"),
    );
  }

  async #add() {
    const file = this.#file.files?.[0];
    if (!file) return;
    show(this.#alerts);
    if (typeOf(file.name) === "") {
      this.#fail(`${file.name} is of a kind that is not taken: ${ENDS.replaceAll(",", ", ")}`);
      return;
    }
    this.#file.disabled = true;
    this.#progress.hidden = false;
    this.#progress.value = 0;
    this.#state.textContent = `Sending ${file.name}…`;
    this.#say(this.#state.textContent);
    await this.#tried(async () => {
      const done = await this.#send(this.#api, file, (share) => {
        this.#progress.value = share;
        if (share >= 1) this.#state.textContent = `Looking into ${file.name}…`;
      });
      if (done.status === "refused") this.#fail(`${file.name} was refused: ${done.refused?.message ?? "no reason was told"}`);
      else this.#say(`${file.name} is ${STATES[done.status]}.`);
    });
    await this.#tried(() => this.#read());
    this.#file.value = "";
    this.#file.disabled = false;
    this.#progress.hidden = true;
    this.#state.textContent = "";
  }

  async #tried(act) {
    try {
      await act();
    } catch (error) {
      this.#fail(failure(error).message);
    }
  }

  #fail(message) {
    show(this.#alerts, element("p", { class: "failure", role: "alert" }, message));
  }
}
