// Proving a password to Amazon Cognito without sending it (USER_SRP_AUTH).
//
// SRP-6a over the 3072-bit group of RFC 5054 with SHA-256, and Cognito's own key derivation on top.

import { fromBase64, joined, padded, toBase64, toNumber, utf8 } from "./bytes.js";

// RFC 5054, appendix A, 3072-bit group.
const PRIME = BigInt(
  "0x" +
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F" +
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510" +
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C" +
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
);
const GENERATOR = 2n;
const SECRET_BYTES = 128;
const KEY_LABEL = utf8("Caldera Derived Key\x01");
const KEY_BYTES = 16;
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The server answered with values that would give the password away, or prove nothing. */
export class ProofError extends Error {}

/** One sign-in attempt; the password never leaves it. */
export class PasswordProof {
  #password;
  #secret;
  #pool;

  /**
   * @param {string} userPoolId Such as `eu-central-1_AbCd`.
   * @param {string} password
   * @param {bigint} [secret] Default: random.
   */
  constructor(userPoolId, password, secret = randomSecret()) {
    this.#pool = userPoolId.split("_", 2)[1];
    this.#password = password;
    this.#secret = secret;
    /** @type {bigint} */
    this.publicNumber = power(GENERATOR, secret);
  }

  /** What the client sends first, SRP_A. */
  get publicValue() {
    return this.publicNumber.toString(16);
  }

  /**
   * The responses to the challenge PASSWORD_VERIFIER.
   *
   * @param {Record<string, string>} challenge Its parameters.
   * @param {Date} [now] Default: the present.
   * @returns {Promise<Record<string, string>>}
   */
  async answer(challenge, now = new Date()) {
    const user = challenge.USER_ID_FOR_SRP;
    const server = BigInt(`0x${challenge.SRP_B}`);
    if (server % PRIME === 0n) throw new ProofError("the server's public value is zero");
    const key = await this.#key(user, server, BigInt(`0x${challenge.SALT}`));
    const at = timestamp(now);
    const message = joined(utf8(this.#pool + user), fromBase64(challenge.SECRET_BLOCK), utf8(at));
    return {
      USERNAME: user,
      TIMESTAMP: at,
      PASSWORD_CLAIM_SECRET_BLOCK: challenge.SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: toBase64(await hmac(key, message)),
    };
  }

  async #key(user, server, salt) {
    const scramble = toNumber(await sha256(padded(this.publicNumber), padded(server)));
    if (scramble === 0n) throw new ProofError("the server's public value scrambles to zero");
    const identity = await sha256(utf8(`${this.#pool}${user}:${this.#password}`));
    const hidden = toNumber(await sha256(padded(salt), identity));
    const multiplier = toNumber(await sha256(padded(PRIME), new Uint8Array([Number(GENERATOR)])));
    const base = (((server - multiplier * power(GENERATOR, hidden)) % PRIME) + PRIME) % PRIME;
    const shared = power(base, this.#secret + scramble * hidden);
    const extracted = await hmac(padded(scramble), padded(shared));
    return (await hmac(extracted, KEY_LABEL)).slice(0, KEY_BYTES);
  }
}

/**
 * The time as Cognito wants it, in English whatever the locale: `Wed Nov 5 14:02:03 UTC 2026`.
 *
 * @param {Date} at
 * @returns {string}
 */
export function timestamp(at) {
  const clock = at.toISOString().slice(11, 19);
  return `${DAYS[at.getUTCDay()]} ${MONTHS[at.getUTCMonth()]} ${at.getUTCDate()} ${clock} UTC ${at.getUTCFullYear()}`;
}

function randomSecret() {
  return toNumber(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

/** @param {bigint} base @param {bigint} exponent @returns {bigint} base^exponent mod PRIME. */
function power(base, exponent) {
  let result = 1n;
  let square = base % PRIME;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}

/** @param {...Uint8Array} parts @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

/**
 * @param {Uint8Array<ArrayBuffer>} keyBytes
 * @param {Uint8Array<ArrayBuffer>} message
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function hmac(keyBytes, message) {
  const key = await crypto.subtle.importKey("raw", keyBytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
}
