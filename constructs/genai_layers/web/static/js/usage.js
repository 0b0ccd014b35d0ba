// Tokens of today: what the kept conversations say, plus what this page saw itself.

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Usage} Usage */

const MOST_CONVERSATIONS = 20;
const ATTEMPTS = 3;

/** Counts the tokens of the day, which is one of UTC as the API's budget is. */
export class DailyUsage {
  #now;
  #day = "";
  #tokens = 0;
  #added = 0;

  /** @param {number | null} limit @param {() => Date} [now] */
  constructor(limit, now = () => new Date()) {
    this.limit = limit;
    this.#now = now;
    /** Whether conversations of today were left out of the count, so that the true one is higher. */
    this.isAtLeast = false;
  }

  /** Tokens read and written today, as far as this page can know. */
  get tokens() {
    this.#turn();
    return this.#tokens;
  }

  /** @param {Usage} usage */
  add(usage) {
    this.#turn();
    this.#added += 1;
    this.#tokens += usage.input_tokens + usage.output_tokens;
  }

  /** Nothing is left of the day, the API says. */
  exhaust() {
    this.#turn();
    if (this.limit !== null) this.#tokens = Math.max(this.#tokens, this.limit);
  }

  /**
   * Count what was asked earlier today, on any device.
   *
   * What is asked here meanwhile may or may not be in what was read, so then it is read again.
   *
   * @param {Api} api
   */
  async read(api) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      this.#turn();
      const added = this.#added;
      const { conversations } = await api.conversations();
      const today = conversations.filter((one) => one.updated_at.startsWith(this.#day));
      const read = today.slice(0, MOST_CONVERSATIONS).map((one) => this.#of(api, one.conversation_id));
      const counts = await Promise.all(read);
      if (added !== this.#added) continue;
      this.isAtLeast ||= today.length > MOST_CONVERSATIONS;
      this.#tokens = counts.reduce((sum, count) => sum + count, 0);
      return;
    }
  }

  async #of(api, id) {
    const { messages, before } = await api.conversation(id);
    if (before !== null) this.isAtLeast = true;
    return messages
      .filter((message) => message.usage && message.at.startsWith(this.#day))
      .reduce((sum, { usage }) => sum + usage.input_tokens + usage.output_tokens, 0);
  }

  #turn() {
    const day = this.#now().toISOString().slice(0, 10);
    if (day === this.#day) return;
    this.#day = day;
    this.#tokens = 0;
    this.isAtLeast = false;
  }
}
