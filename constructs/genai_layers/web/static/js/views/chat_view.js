// Asking and answering: the list at the side, the conversation, the question below it.

import { failure } from "../failure.js";
import { answerView, questionView } from "./answer_view.js";
import { ComposerView } from "./composer_view.js";
import { ConversationsView } from "./conversations_view.js";
import { element, show } from "./dom.js";
import { progressView } from "./progress_view.js";
import { usageView } from "./usage_view.js";

/** @typedef {import("../api.js").Api} Api */
/** @typedef {import("../api.js").Listed} Listed */

const WIDE = matchMedia("(min-width: 50rem)");

/** What a signed-in person sees. */
export class ChatView {
  #api;
  #usage;
  #say;
  #meter;
  /** @type {string | null} */
  #current = null;
  /** @type {Listed[]} */
  #listed = [];
  /** @type {string | null} */
  #after = null;
  /** @type {Map<string, string>} */
  #titles = new Map();
  #log = element("div", { class: "log", role: "log", "aria-live": "off", "aria-label": "Conversation" });
  #composer = new ComposerView((question) => this.#ask(question));
  #side;
  #panel;

  /**
   * @param {Api} api
   * @param {import("../usage.js").DailyUsage} usage
   * @param {(text: string) => void} say Tells people who hear the page.
   * @param {import("./documents_view.js").DocumentsView | null} [documents] Where people have documents of their own.
   */
  constructor(api, usage, say, documents = null) {
    this.#api = api;
    this.#usage = usage;
    this.#say = say;
    this.#meter = usageView(usage);
    this.#side = new ConversationsView({
      open: (id) => this.#open(id),
      begin: () => this.#begin(),
      remove: (id) => this.#tried(() => this.#remove(id)),
      removeAll: () => this.#tried(() => this.#removeAll()),
      more: () => this.#tried(() => this.#list(this.#after)),
    });
    this.#panel = element("details", { class: "side-panel", open: WIDE.matches },
      element("summary", {}, "Conversations and usage"), this.#side.root, documents?.root ?? "", this.#meter.root);
    this.root = element("div", { class: "chat" }, this.#panel,
      element("section", { class: "talk", "aria-label": "Chat" }, this.#log, this.#composer.form));
  }

  /** Read what is kept, and wait for a question. */
  async begin() {
    this.#begin();
    this.#meter.show();
    await this.#tried(async () => {
      await Promise.all([this.#list(), this.#usage.read(this.#api)]);
      this.#meter.show();
    });
  }

  #begin() {
    this.#current = null;
    show(this.#log, element("p", { class: "welcome" }, "Ask a question. The answer comes from the documents and says from which."));
    this.#turnToTalk();
  }

  async #ask(question) {
    this.#log.querySelector(".welcome")?.remove();
    const progress = progressView();
    const asked = questionView(question);
    this.#log.append(asked, progress.root);
    progress.root.scrollIntoView({ block: "end" });
    this.#composer.busy = true;
    this.#composer.value = "";
    this.#say("The question was sent. Waiting for the answer.");
    const conversation = this.#current;
    try {
      const answer = await this.#api.ask(question, conversation, progress.hear);
      progress.stop();
      this.#usage.add(answer.usage);
      if (!answer.stopped_by_guardrail) this.#titles.set(answer.conversation_id, this.#titles.get(answer.conversation_id) ?? question);
      if (this.#current !== conversation) return;
      this.#current = answer.conversation_id;
      this.#append(answerView({
        text: answer.answer,
        citations: answer.citations,
        usage: answer.usage,
        isStopped: answer.stopped_by_guardrail,
        stopReason: answer.stop_reason,
        rate: this.#rating(answer.conversation_id, answer.at),
      }));
      this.#say(`${answer.stopped_by_guardrail ? "Stopped by the guardrail" : "Answer"}: ${answer.answer}`);
      await Promise.all([this.#list(), this.#usage.read(this.#api)]);
    } catch (error) {
      progress.stop();
      asked.remove();
      this.#composer.value = question;
      this.#fail(error);
    } finally {
      this.#composer.busy = false;
      this.#meter.show();
      // Whoever reads a source by now must not be taken away from it; a disabled button has lost the focus to nobody.
      if (document.activeElement === document.body) this.#composer.focus();
    }
  }

  #append(article) {
    this.#log.append(article);
    article.scrollIntoView({ block: "nearest" });
  }

  #fail(error) {
    const { message, isBudget } = failure(error);
    if (isBudget) this.#usage.exhaust();
    this.#log.querySelectorAll(".failure").forEach((old) => old.remove());
    this.#append(element("p", { class: "message failure", role: "alert" }, message));
  }

  async #open(id) {
    await this.#tried(async () => {
      const { messages, before } = await this.#api.conversation(id);
      this.#current = id;
      show(this.#log, ...(before === null ? [] : [this.#earlier(id, before)]), ...this.#views(id, messages));
      this.#remember(id, messages);
      this.#turnToTalk();
      this.#log.lastElementChild?.scrollIntoView({ block: "end" });
      this.#say(`Conversation opened, ${messages.length} messages.`);
    });
  }

  #earlier(id, before) {
    const more = async () => {
      const page = await this.#api.conversation(id, before);
      const rest = page.before === null ? [] : [this.#earlier(id, page.before)];
      button.replaceWith(...rest, ...this.#views(id, page.messages));
    };
    const button = element("button", { type: "button", class: "quiet", onclick: () => this.#tried(more) }, "Show earlier messages");
    return button;
  }

  #views(id, messages) {
    return messages.map((message) => messageView(message, this.#rating(id, message.at)));
  }

  /** What keeps a feedback of an answer; undefined for one that has no time, and so cannot be named. */
  #rating(id, at) {
    if (!at) return undefined;
    return async (rating, comment) => {
      try {
        await this.#api.rate(id, at, rating, comment);
        return true;
      } catch (error) {
        this.#fail(error);
        return false;
      }
    };
  }

  #remember(id, messages) {
    const first = messages.find((message) => message.role === "user");
    if (first && !this.#titles.has(id)) this.#titles.set(id, first.text);
  }

  async #list(after = null) {
    const page = await this.#api.conversations(after);
    this.#listed = after === null ? page.conversations : [...this.#listed, ...page.conversations];
    this.#after = page.after;
    this.#showSide();
  }

  /** Let the conversation have the room and the focus; on a narrow screen the list makes way. */
  #turnToTalk() {
    this.#showSide();
    if (!WIDE.matches) this.#panel.open = false;
    this.#composer.focus();
  }

  #showSide() {
    this.#side.show(this.#listed, { current: this.#current, titles: this.#titles, hasMore: this.#after !== null });
  }

  async #remove(id) {
    await this.#api.deleteConversation(id);
    if (this.#current === id) this.#begin();
    await this.#list();
    this.#say("The conversation is deleted.");
  }

  async #removeAll() {
    await this.#api.deleteConversations();
    this.#begin();
    await this.#list();
    this.#say("All conversations are deleted.");
  }

  async #tried(act) {
    try {
      await act();
    } catch (error) {
      this.#fail(error);
    }
  }
}

function messageView(message, rate) {
  if (message.role === "user") return questionView(message.text);
  const { text, citations = [], usage, stopped_by_guardrail: isStopped = false, feedback } = message;
  return answerView({ text, citations, usage, isStopped, feedback, rate });
}
