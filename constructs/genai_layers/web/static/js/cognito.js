// The few calls of Amazon Cognito's API that a sign-in takes; none of them is signed.

import { PasswordProof } from "./srp.js";

/** @typedef {import("./config.js").Config} Config */

/**
 * @typedef {object} Tokens
 * @property {string} AccessToken
 * @property {string} [RefreshToken]
 * @property {number} ExpiresIn Seconds.
 */

/**
 * @typedef {object} Step What Cognito asks for next, or the tokens.
 * @property {string} [ChallengeName]
 * @property {string} [Session]
 * @property {Record<string, string>} [ChallengeParameters]
 * @property {Tokens} [AuthenticationResult]
 */

/** Cognito refused; `code` is its own name for the reason. */
export class SignInError extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Cognito, for one app client. */
export class Cognito {
  #config;

  /** @param {Config} config */
  constructor(config) {
    this.#config = config;
  }

  /**
   * Offer the password, or the proof that it is known.
   *
   * @param {string} username
   * @param {string} password
   * @returns {Promise<Step>}
   */
  async begin(username, password) {
    if (this.#config.signInFlow === "USER_PASSWORD_AUTH") {
      return this.#initiate("USER_PASSWORD_AUTH", { USERNAME: username, PASSWORD: password });
    }
    const proof = new PasswordProof(this.#config.userPoolId, password);
    const step = await this.#initiate("USER_SRP_AUTH", { USERNAME: username, SRP_A: proof.publicValue });
    if (step.ChallengeName !== "PASSWORD_VERIFIER") return step;
    return this.respond(step, await proof.answer(step.ChallengeParameters));
  }

  /**
   * @param {Step} step What was asked for.
   * @param {Record<string, string>} responses
   * @returns {Promise<Step>}
   */
  respond(step, responses) {
    return this.#call("RespondToAuthChallenge", {
      ClientId: this.#config.clientId,
      ChallengeName: step.ChallengeName,
      ChallengeResponses: responses,
      ...(step.Session ? { Session: step.Session } : {}),
    });
  }

  /**
   * @param {string} session
   * @returns {Promise<{SecretCode: string, Session: string}>} The secret of a new authenticator, in Base32.
   */
  associate(session) {
    return this.#call("AssociateSoftwareToken", { Session: session });
  }

  /**
   * @param {string} session
   * @param {string} code What the authenticator shows.
   * @returns {Promise<{Status: string, Session: string}>}
   */
  verify(session, code) {
    return this.#call("VerifySoftwareToken", { Session: session, UserCode: code });
  }

  /** @param {string} refreshToken @returns {Promise<Step>} */
  refresh(refreshToken) {
    return this.#initiate("REFRESH_TOKEN_AUTH", { REFRESH_TOKEN: refreshToken });
  }

  /** @param {string} refreshToken @returns {Promise<unknown>} */
  revoke(refreshToken) {
    return this.#call("RevokeToken", { ClientId: this.#config.clientId, Token: refreshToken });
  }

  /** Have a code sent by e-mail, with which a new password can be set. @param {string} username @returns {Promise<unknown>} */
  forget(username) {
    return this.#call("ForgotPassword", { ClientId: this.#config.clientId, Username: username });
  }

  /** @param {string} username @param {string} code From the e-mail. @param {string} password @returns {Promise<unknown>} */
  recover(username, code, password) {
    return this.#call("ConfirmForgotPassword", {
      ClientId: this.#config.clientId,
      Username: username,
      ConfirmationCode: code,
      Password: password,
    });
  }

  #initiate(flow, parameters) {
    return this.#call("InitiateAuth", {
      AuthFlow: flow,
      AuthParameters: parameters,
      ClientId: this.#config.clientId,
    });
  }

  async #call(action, body) {
    const response = await fetch(this.#config.signInUrl, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSCognitoIdentityProviderService.${action}`,
      },
      body: JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
    const text = await response.text();
    const answer = text === "" ? {} : JSON.parse(text);
    if (!response.ok) {
      throw new SignInError(String(answer.__type ?? "").split("#").pop(), answer.message ?? `HTTP ${response.status}`);
    }
    return answer;
  }
}
