// Being signed in: an access token that is renewed before it ends, and a way out.

import { SignInError } from "./cognito.js";

/** @typedef {import("./cognito.js").Cognito} Cognito */
/** @typedef {import("./cognito.js").Tokens} Tokens */

const SPARE_MILLISECONDS = 60_000;

/**
 * A session of one tab.
 *
 * The access token is in memory alone. The refresh token is in the tab's own storage, so that a reload does not ask for
 * both factors again; it is gone when the tab is closed.
 */
export class Session {
  #cognito;
  #storage;
  #now;
  #key;
  #access = "";
  #refresh = "";
  #endsAt = 0;
  /** @type {Promise<string> | null} */
  #renewal = null;

  /**
   * @param {Pick<Cognito, "refresh" | "revoke">} cognito
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage
   * @param {() => number} [now]
   * @param {string} [key] Name in *storage*; each app client has its own.
   */
  constructor(cognito, storage, now = Date.now, key = "session") {
    this.#cognito = cognito;
    this.#storage = storage;
    this.#now = now;
    this.#key = key;
    this.username = "";
  }

  /** @param {string} username @param {Tokens} tokens */
  begin(username, tokens) {
    this.username = username;
    this.#take(tokens);
    this.#storage.setItem(this.#key, JSON.stringify({ username, refresh: this.#refresh }));
  }

  /** Take up the session that the tab had before it was reloaded. @returns {Promise<boolean>} Whether there is one. */
  async resume() {
    const kept = this.#storage.getItem(this.#key);
    if (kept === null) return false;
    const { username, refresh } = JSON.parse(kept);
    this.username = username;
    this.#refresh = refresh;
    try {
      await this.token();
      return true;
    } catch (error) {
      if (error instanceof SignInError) this.#forget();
      return false;
    }
  }

  /** A token that is good for a minute at least; several callers at once renew it once. @returns {Promise<string>} */
  async token() {
    if (this.#now() < this.#endsAt - SPARE_MILLISECONDS) return this.#access;
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  /** Forget everything here, and make Cognito forget the session. */
  async end() {
    const refresh = this.#refresh;
    this.#forget();
    if (refresh) await this.#cognito.revoke(refresh);
  }

  async #renew() {
    const step = await this.#cognito.refresh(this.#refresh);
    this.#take(step.AuthenticationResult);
    return this.#access;
  }

  #take(tokens) {
    this.#access = tokens.AccessToken;
    this.#refresh = tokens.RefreshToken ?? this.#refresh;
    this.#endsAt = this.#now() + tokens.ExpiresIn * 1000;
  }

  #forget() {
    this.#access = "";
    this.#refresh = "";
    this.#endsAt = 0;
    this.username = "";
    this.#storage.removeItem(this.#key);
  }
}
