// What the page must know of its deployment, from the file beside it.

/**
 * @typedef {object} Config
 * @property {string} name What the page calls itself, also in the authenticator app.
 * @property {string} userPoolId
 * @property {string} clientId
 * @property {string} signInUrl Address of Cognito's API; on this page's own origin where it begins with a slash.
 * @property {string} apiUrl Address of the chat's API without a slash at its end; empty where it is this origin.
 * @property {"USER_SRP_AUTH" | "USER_PASSWORD_AUTH"} signInFlow How the password reaches Cognito.
 * @property {number | null} tokensPerDay The budget of a user; null where there is none.
 * @property {import("./federated.js").Federation} [federation] Other directories; absent where there are none.
 * @property {string[]} [features] What of the page is shown beside the chat: `documents`, `playground`.
 */

const FLOWS = ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"];

/** The file beside the page lacks something. */
export class ConfigError extends Error {}

/**
 * @param {string | URL} url Where the file is.
 * @returns {Promise<Config>}
 */
export async function load(url) {
  const response = await fetch(url, { cache: "no-store" });
  if (!response.ok) throw new ConfigError(`the settings of this page cannot be read: HTTP ${response.status}`);
  return checked(await response.json());
}

/**
 * @param {any} raw
 * @returns {Config}
 */
export function checked(raw) {
  const faults = ["name", "userPoolId", "clientId", "signInUrl"].filter((name) => !isText(raw[name]));
  if (isText(raw.userPoolId) && !/^[\w-]+_[0-9a-zA-Z]+$/.test(raw.userPoolId)) faults.push("userPoolId");
  if (typeof raw.apiUrl !== "string") faults.push("apiUrl");
  if (!FLOWS.includes(raw.signInFlow)) faults.push("signInFlow");
  if (raw.tokensPerDay !== null && !(raw.tokensPerDay > 0)) faults.push("tokensPerDay");
  if (raw.federation !== undefined && !isFederation(raw.federation)) faults.push("federation");
  if (raw.features !== undefined && !(Array.isArray(raw.features) && raw.features.every(isText))) faults.push("features");
  if (faults.length > 0) throw new ConfigError(`the settings of this page are wrong: ${faults.join(", ")}`);
  return Object.freeze({ ...raw });
}

function isFederation(value) {
  return ["url", "clientId", "scope"].every((name) => isText(value?.[name])) && Array.isArray(value.providers)
    && value.providers.every((one) => isText(one.name) && isText(one.label));
}

function isText(value) {
  return typeof value === "string" && value !== "";
}
