// Tokens of today: what the budget itself counts, plus what was answered here since it was read.

/** @typedef {import("./api.js").Api} Api */
/** @typedef {import("./api.js").Usage} Usage */

/** Counts the tokens of the day, which is one of UTC as the API's budget is. */
export class DailyUsage {
  #now;
  #day = "";
  #tokens = 0;
  #reads = 0;

  /** @param {number | null} limit @param {() => Date} [now] */
  constructor(limit, now = () => new Date()) {
    this.limit = limit;
    this.#now = now;
    /** When all tokens are there again; null until the API said. @type {string | null} */
    this.resetsAt = null;
    /** Whether only answers of this page are counted, so that the true number may be higher. */
    this.isAtLeast = true;
  }

  /** Tokens read and written today, those reserved for answers in the making among them. */
  get tokens() {
    this.#turn();
    return this.#tokens;
  }

  /** @param {Usage} usage */
  add(usage) {
    this.#turn();
    this.#tokens += usage.input_tokens + usage.output_tokens;
  }

  /** Nothing is left of the day, the API says. */
  exhaust() {
    this.#turn();
    if (this.limit !== null) this.#tokens = Math.max(this.#tokens, this.limit);
  }

  /**
   * Take over the true number. An API without a count leaves what this page counted itself.
   *
   * @param {Api} api
   */
  async read(api) {
    this.#reads += 1;
    const read = this.#reads;
    const told = await api.usage();
    // An answer to an earlier question may come later; the latest one counts.
    if (told === null || read !== this.#reads) return;
    const own = told.budgets.find((budget) => budget.of === "user");
    this.#turn();
    this.resetsAt = told.resets_at;
    if (!own) return;
    this.isAtLeast = false;
    this.limit = own.tokens_per_day;
    this.#tokens = own.tokens;
  }

  #turn() {
    const day = this.#now().toISOString().slice(0, 10);
    if (day === this.#day) return;
    this.#day = day;
    this.#tokens = 0;
  }
}
