// The way from a password to tokens, whatever Cognito asks for in between.

import { SignInError } from "./cognito.js";

/** @typedef {import("./cognito.js").Cognito} Cognito */
/** @typedef {import("./cognito.js").Step} Step */
/** @typedef {import("./cognito.js").Tokens} Tokens */

/** @typedef {"password" | "forgotten" | "recover" | "new-password" | "enrol" | "code" | "done"} Stage */

const STAGES = {
  NEW_PASSWORD_REQUIRED: "new-password",
  MFA_SETUP: "enrol",
  SOFTWARE_TOKEN_MFA: "code",
};

/** One sign-in: `stage` says what the person must enter next. */
export class SignIn {
  #cognito;
  /** @type {Step} */
  #step = {};
  #username = "";

  /** @param {Cognito} cognito */
  constructor(cognito) {
    this.#cognito = cognito;
    /** @type {Stage} */
    this.stage = "password";
    /** The secret that an authenticator is to be enrolled with, at stage `enrol`. */
    this.secret = "";
    /** @type {Tokens | null} */
    this.tokens = null;
  }

  /** What the person called themselves. */
  get username() {
    return this.#username;
  }

  /** @param {string} username @param {string} password */
  async enterPassword(username, password) {
    this.#username = username.trim();
    await this.#take(await this.#cognito.begin(this.#username, password));
  }

  /** @param {string} password Which the person chose. */
  async enterNewPassword(password) {
    await this.#respond({ NEW_PASSWORD: password });
  }

  /** @param {string} code Of the authenticator, enrolled or to be enrolled. */
  async enterCode(code) {
    const digits = code.replace(/\s/g, "");
    if (this.stage === "code") return this.#respond({ SOFTWARE_TOKEN_MFA_CODE: digits });
    const verified = await this.#cognito.verify(this.#step.Session, digits);
    if (verified.Status !== "SUCCESS") throw new SignInError("EnableSoftwareTokenMFAException", verified.Status);
    this.#step = { ...this.#step, Session: verified.Session };
    this.secret = "";
    return this.#respond({});
  }

  /** The password is not known any more. */
  forget() {
    this.stage = "forgotten";
  }

  /** Have a code sent. @param {string} username */
  async askForCode(username) {
    this.#username = username.trim();
    await this.#cognito.forget(this.#username);
    this.stage = "recover";
  }

  /** Set a new password and sign in with it; the second factor is asked for as ever. @param {string} code @param {string} password */
  async recover(code, password) {
    await this.#cognito.recover(this.#username, code.replace(/\s/g, ""), password);
    await this.enterPassword(this.#username, password);
  }

  async #respond(responses) {
    const user = this.#step.ChallengeParameters?.USER_ID_FOR_SRP ?? this.#username;
    const step = await this.#cognito.respond(this.#step, { USERNAME: user, ...responses });
    await this.#take(step);
  }

  async #take(step) {
    this.#step = step;
    if (step.AuthenticationResult) {
      this.tokens = step.AuthenticationResult;
      this.stage = "done";
      return;
    }
    const stage = STAGES[step.ChallengeName];
    if (stage === undefined) {
      throw new SignInError("UnknownChallenge", `this page has no answer to ${step.ChallengeName}`);
    }
    if (stage === "enrol") {
      const begun = await this.#cognito.associate(step.Session);
      this.#step = { ...step, Session: begun.Session };
      this.secret = begun.SecretCode;
    }
    this.stage = stage;
  }
}

/**
 * The address that an authenticator app reads from a QR code.
 *
 * @param {string} issuer @param {string} account @param {string} secret In Base32.
 * @returns {string}
 */
export function authenticatorAddress(issuer, account, secret) {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}

const SENTENCES = {
  FederationRefused: "The sign-in at your organization was not taken: it has to use a second factor, and an administrator there has to let you in.",
  NotAuthorizedException: "This name and password do not fit, or the time to enter them is over. Try again.",
  UserNotFoundException: "This name and password do not fit, or the time to enter them is over. Try again.",
  CodeMismatchException: "This code is not the right one. Wait for the next one, or look again.",
  EnableSoftwareTokenMFAException: "This code is not the right one. Wait for the next one, or look again.",
  ExpiredCodeException: "This code is no longer valid. Take the next one.",
  InvalidPasswordException: "This password does not meet the rules below it.",
  PasswordHistoryPolicyViolationException: "You had this password before. Choose another one.",
  PasswordResetRequiredException: "An administrator reset your password. Choose “Forgot the password” to set a new one.",
  LimitExceededException: "There were too many attempts. Wait a while and try again.",
  TooManyRequestsException: "There were too many attempts. Wait a while and try again.",
  TooManyFailedAttemptsException: "There were too many attempts. Wait a while and try again.",
};

/** Whether an error ends the sign-in, so that it must begin again. */
export function endsSignIn(error, stage) {
  return ["new-password", "enrol", "code"].includes(stage) && error instanceof SignInError && error.code === "NotAuthorizedException";
}

/**
 * What went wrong, for the person.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function sentence(error) {
  if (error instanceof SignInError) return SENTENCES[error.code] ?? `The sign-in failed: ${error.message}`;
  if (error instanceof TypeError) return "The sign-in service cannot be reached. Check the connection and try again.";
  return `The sign-in failed: ${error instanceof Error ? error.message : error}`;
}
