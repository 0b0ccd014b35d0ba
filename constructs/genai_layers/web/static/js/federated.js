// Signing in at another directory: there with the browser, back with a code, which only this tab can use (PKCE).

import { toBase64, utf8 } from "./bytes.js";
import { SignInError } from "./cognito.js";

/** @typedef {import("./cognito.js").Step} Step */
/** @typedef {import("./cognito.js").Tokens} Tokens */

/**
 * @typedef {object} Federation
 * @property {string} url Where people are sent to and a code is given back, without a slash at its end.
 * @property {string} clientId
 * @property {string} scope
 * @property {{name: string, label: string}[]} providers
 */

const KEY = "federated-sign-in";

/** The way to another directory and back, for one app client. */
export class Federated {
  #federation;
  #page;
  #storage;

  /**
   * @param {Federation} federation
   * @param {string} page Address of this page, as the app client knows it.
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage Of this tab.
   */
  constructor(federation, page, storage) {
    this.#federation = federation;
    this.#page = page;
    this.#storage = storage;
  }

  /** Directories that people may come from. */
  get providers() {
    return this.#federation.providers;
  }

  /**
   * Begin to sign in.
   *
   * @param {string} provider
   * @returns {Promise<string>} Where the browser has to go.
   */
  async begin(provider) {
    const state = secret();
    const verifier = secret();
    this.#storage.setItem(KEY, JSON.stringify({ state, verifier }));
    const digest = await crypto.subtle.digest("SHA-256", utf8(verifier));
    const query = new URLSearchParams({
      response_type: "code",
      client_id: this.#federation.clientId,
      redirect_uri: this.#page,
      scope: this.#federation.scope,
      identity_provider: provider,
      state,
      code_challenge: inAddress(new Uint8Array(digest)),
      code_challenge_method: "S256",
    });
    return `${this.#federation.url}/oauth2/authorize?${query}`;
  }

  /**
   * Take what the browser came back with; what this tab did not begin is not looked at.
   *
   * @param {string} search Query of the address.
   * @returns {Promise<{username: string, tokens: Tokens} | null>} Null where there is nothing to take.
   */
  async finish(search) {
    const query = new URLSearchParams(search);
    const kept = this.#storage.getItem(KEY);
    if (kept === null || !query.has("state")) return null;
    const { state, verifier } = JSON.parse(kept);
    if (query.get("state") !== state) return null;
    this.#storage.removeItem(KEY);
    const code = query.get("code");
    if (code === null) {
      throw new SignInError("FederationRefused", query.get("error_description") ?? query.get("error") ?? "no reason given");
    }
    const answer = await this.#token({
      grant_type: "authorization_code",
      code,
      code_verifier: verifier,
      redirect_uri: this.#page,
    });
    return { username: addressIn(answer.id_token), tokens: tokensOf(answer) };
  }

  /** @param {string} refreshToken @returns {Promise<Step>} */
  async refresh(refreshToken) {
    const answer = await this.#token({ grant_type: "refresh_token", refresh_token: refreshToken });
    return { AuthenticationResult: tokensOf(answer) };
  }

  /** @param {string} refreshToken @returns {Promise<void>} */
  async revoke(refreshToken) {
    await this.#post("revoke", { token: refreshToken });
  }

  async #token(form) {
    const response = await this.#post("token", form);
    const text = await response.text();
    const answer = text.startsWith("{") ? JSON.parse(text) : {};
    if (!response.ok) {
      throw new SignInError("FederationRefused", answer.error_description ?? answer.error ?? `HTTP ${response.status}`);
    }
    return answer;
  }

  #post(path, form) {
    return fetch(`${this.#federation.url}/oauth2/${path}`, {
      method: "POST",
      body: new URLSearchParams({ ...form, client_id: this.#federation.clientId }),
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
  }
}

/** The address of this page that a browser is sent back to, without what it was opened with. @param {string} base */
export function pageAddress(base) {
  const page = new URL(".", base);
  return `${page.origin}${page.pathname}`;
}

function secret() {
  return inAddress(crypto.getRandomValues(new Uint8Array(32)));
}

function inAddress(bytes) {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function tokensOf(answer) {
  return { AccessToken: answer.access_token, RefreshToken: answer.refresh_token, ExpiresIn: answer.expires_in };
}

/** What an ID token calls the person, to be shown and for nothing else. */
function addressIn(token) {
  try {
    const claims = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    return typeof claims.email === "string" ? claims.email : "";
  } catch {
    return "";
  }
}
