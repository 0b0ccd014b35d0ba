// The forms of a sign-in, one after the other.

import { encode, outline } from "../qr.js";
import { SignIn, authenticatorAddress, endsSignIn, sentence } from "../sign_in.js";
import { element, picture, show } from "./dom.js";
import { Weak, chosen, codeField, field, newPasswordFields, setBusy } from "./fields.js";

/** @typedef {import("../cognito.js").Cognito} Cognito */

/** Shows what the sign-in asks for, until there are tokens. */
export class SignInView {
  #place;
  #cognito;
  #name;
  #done;
  #federated;
  #signIn;

  /**
   * @param {HTMLElement} place
   * @param {Cognito} cognito
   * @param {string} name Of the page, as the authenticator app shows it.
   * @param {(signIn: SignIn) => void} done
   * @param {import("../federated.js").Federated | null} [federated] The way to other directories.
   */
  constructor(place, cognito, name, done, federated = null) {
    this.#place = place;
    this.#cognito = cognito;
    this.#name = name;
    this.#done = done;
    this.#federated = federated;
    this.#signIn = new SignIn(cognito);
  }

  /** @param {string} [notice] What to say first. */
  show(notice = "") {
    const signIn = this.#signIn;
    if (signIn.stage === "done") return this.#done(signIn);
    const form = {
      password: () => this.#password(),
      forgotten: () => this.#forgotten(),
      recover: () => this.#recover(),
      "new-password": () => this.#newPassword(),
      enrol: () => this.#enrol(),
      code: () => this.#code(),
    }[signIn.stage]();
    show(this.#place, form);
    if (notice) form.querySelector("[role=alert]").textContent = notice;
    form.querySelector("input:not([hidden])").focus();
  }

  #password() {
    return this.#form("Sign in", "Continue", [
      field("E-mail", { name: "username", type: "email", autocomplete: "username", required: true, maxlength: 128 }),
      field("Password", { name: "password", type: "password", autocomplete: "current-password", required: true }),
      ...this.#elsewhere(),
    ], ({ username, password }) => this.#signIn.enterPassword(username, password));
  }

  #elsewhere() {
    const leave = async (name) => location.assign(await this.#federated.begin(name));
    return (this.#federated?.providers ?? []).map(({ name, label }) =>
      element("button", { type: "button", class: "quiet elsewhere", onclick: () => leave(name) }, `Sign in with ${label}`));
  }

  #newPassword() {
    return this.#form("Choose a password", "Continue", [
      element("p", {}, "You were invited with a password that works once. Choose one of your own."),
      ...newPasswordFields(this.#signIn.username),
    ], (values) => this.#signIn.enterNewPassword(chosen(values)));
  }

  #forgotten() {
    return this.#form("Forgot the password", "Send a code", [
      element("p", {}, "A code is sent to your address. With it you set a new password; your authenticator stays."),
      field("E-mail", { name: "username", type: "email", autocomplete: "username", required: true, maxlength: 128 }),
    ], ({ username }) => this.#signIn.askForCode(username));
  }

  #recover() {
    return this.#form("Set a new password", "Continue", [
      element("p", {}, "If there is an account of this address, a code is on its way to it."),
      codeField("Code from the e-mail"),
      ...newPasswordFields(this.#signIn.username),
    ], (values) => this.#signIn.recover(values.code, chosen(values)));
  }

  #enrol() {
    const { secret, username } = this.#signIn;
    const address = authenticatorAddress(this.#name, username, secret);
    const code = element("figure", { class: "qr" }, picture(outline(encode(address)), "QR code for an authenticator app"));
    return this.#form("Add an authenticator", "Continue", [
      element("ol", { class: "steps" },
        element("li", {}, "Open an authenticator app on your phone and add an account."),
        element("li", {}, "Scan this code:", code),
        element("li", {}, "Enter the six digits that the app shows."),
      ),
      element("details", { class: "by-hand" },
        element("summary", {}, "The code cannot be scanned"),
        element("p", {}, "Enter this key in the app, as a time-based one:"),
        element("p", {}, element("code", { class: "secret" }, secret.match(/.{1,4}/g).join(" "))),
      ),
      codeField(),
    ], ({ code: digits }) => this.#signIn.enterCode(digits));
  }

  #code() {
    return this.#form("Enter the code", "Sign in", [
      element("p", {}, "Open your authenticator app and enter the six digits it shows for this page."),
      codeField(),
    ], ({ code }) => this.#signIn.enterCode(code));
  }

  /**
   * @param {string} title @param {string} verb @param {HTMLElement[]} content
   * @param {(values: Record<string, string>) => Promise<void>} act
   */
  #form(title, verb, content, act) {
    const alert = element("p", { class: "alert", role: "alert" });
    const button = element("button", { type: "submit", class: "primary" }, verb);
    const submit = async (event) => {
      event.preventDefault();
      alert.textContent = "";
      /** @type {any} */
      const values = Object.fromEntries(new FormData(form));
      setBusy(form, button, true);
      const stage = this.#signIn.stage;
      try {
        await act(values);
        this.show();
      } catch (error) {
        setBusy(form, button, false);
        if (endsSignIn(error, stage)) this.#again();
        else this.#fail(form, alert, error);
      }
    };
    const other = this.#signIn.stage === "password"
      ? element("button", { type: "button", class: "quiet", onclick: () => this.#forget() }, "Forgot the password")
      : element("button", { type: "button", class: "quiet", onclick: () => this.#again("") }, "Start over");
    const form = element("form", { class: "card sign-in", onsubmit: submit, "aria-labelledby": "sign-in-title" },
      element("h2", { id: "sign-in-title" }, title), ...content, alert,
      element("div", { class: "actions" }, button, other));
    return form;
  }

  #forget() {
    this.#signIn.forget();
    this.show();
  }

  #again(notice = "The time to enter it is over. Sign in again.") {
    this.#signIn = new SignIn(this.#cognito);
    this.show(notice);
  }

  #fail(form, alert, error) {
    alert.textContent = error instanceof Weak ? error.message : sentence(error);
    const input = form.querySelector("input[type=password], input[name=code]") ?? form.querySelector("input");
    input.focus();
    input.select();
  }
}
