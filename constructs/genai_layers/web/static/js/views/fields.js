// Pieces of the forms of a sign-in.

import { element } from "./dom.js";

const RULES = "At least 14 characters, with a lower-case and an upper-case letter, a digit and a symbol.";
/** @type {[isMissing: (password: string) => boolean, what: string][]} */
const WEAKNESSES = [
  [(password) => password.length < 14, "14 characters"],
  [(password) => !/[a-z]/.test(password), "a lower-case letter"],
  [(password) => !/[A-Z]/.test(password), "an upper-case letter"],
  [(password) => !/[0-9]/.test(password), "a digit"],
  [(password) => !/[^A-Za-z0-9]/.test(password), "a symbol"],
];

/** What was entered cannot be sent. */
export class Weak extends Error {}

/** @param {string} username @returns {HTMLElement[]} Where a new password is entered, twice. */
export function newPasswordFields(username) {
  return [
    // Tells a password manager whose password is changed.
    element("input", { name: "username", autocomplete: "username", value: username, hidden: true }),
    field("New password", { name: "password", type: "password", autocomplete: "new-password", required: true }, RULES),
    field("The same again", { name: "again", type: "password", autocomplete: "new-password", required: true }),
  ];
}

/**
 * The new password, if it is one that Cognito takes.
 *
 * @param {Record<string, string>} values What was entered.
 * @returns {string}
 * @throws {Weak} It is not, or the two differ.
 */
export function chosen({ password, again }) {
  const missing = WEAKNESSES.filter(([isMissing]) => isMissing(password)).map(([, what]) => what);
  if (missing.length > 0) throw new Weak(`The password needs ${missing.join(", ")}.`);
  if (password !== again) throw new Weak("The two passwords differ.");
  return password;
}

/**
 * @param {string} label
 * @param {Record<string, any>} attributes Of the input.
 * @param {string} [hint] What to know before it is filled.
 * @returns {HTMLElement}
 */
export function field(label, attributes, hint = "") {
  const id = `field-${attributes.name}`;
  return element("div", { class: "field" },
    element("label", { for: id }, label),
    element("input", { id, spellcheck: "false", autocapitalize: "off", ...attributes, "aria-describedby": hint ? `${id}-hint` : null }),
    hint && element("p", { id: `${id}-hint`, class: "hint" }, hint),
  );
}

/** @param {string} [label] @returns {HTMLElement} Where six digits are entered. */
export function codeField(label = "Six digits") {
  return field(label, {
    name: "code",
    inputmode: "numeric",
    autocomplete: "one-time-code",
    pattern: "\\s*\\d{3}\\s*\\d{3}\\s*",
    maxlength: 9,
    required: true,
    title: "six digits",
  });
}

/** Say that a form waits, and let it not be sent twice. */
export function setBusy(form, button, isBusy) {
  form.setAttribute("aria-busy", String(isBusy));
  button.disabled = isBusy;
}
