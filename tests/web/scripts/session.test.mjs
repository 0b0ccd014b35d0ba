import assert from "node:assert/strict";
import test from "node:test";
import { JS } from "./page.mjs";

const { SignInError } = await import(new URL("cognito.js", JS));
const { Session } = await import(new URL("session.js", JS));

function storage(content = {}) {
  const kept = new Map(Object.entries(content));
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
}

const tokens = (name) => ({ AccessToken: name, RefreshToken: "r", ExpiresIn: 900 });

test("a token is renewed a minute before it ends, once for all who ask", async () => {
  let now = 0;
  let renewals = 0;
  const cognito = {
    refresh: async () => {
      renewals += 1;
      return { AuthenticationResult: { AccessToken: "second", ExpiresIn: 900 } };
    },
  };
  const session = new Session(cognito, storage(), () => now);
  session.begin("ada", tokens("first"));

  assert.equal(await session.token(), "first");
  now = 841_000;
  assert.deepEqual(await Promise.all([session.token(), session.token()]), ["second", "second"]);
  assert.equal(renewals, 1);
});

test("the access token is never stored", () => {
  const place = storage();
  new Session({}, place).begin("ada", tokens("first"));

  assert.deepEqual(JSON.parse(place.kept.get("session")), { username: "ada", refresh: "r" });
});

test("a reload takes the session up, and a refused one is forgotten", async () => {
  const kept = { session: JSON.stringify({ username: "ada", refresh: "r" }) };
  const good = new Session({ refresh: async () => ({ AuthenticationResult: tokens("new") }) }, storage(kept));
  const place = storage(kept);
  const refusing = { refresh: async () => Promise.reject(new SignInError("NotAuthorizedException", "revoked")) };

  assert.equal(await good.resume(), true);
  assert.equal(good.username, "ada");
  assert.equal(await new Session(refusing, place).resume(), false);
  assert.equal(place.kept.size, 0);
  assert.equal(await new Session({}, storage()).resume(), false);
});

test("signing out forgets at once and has the session revoked", async () => {
  const revoked = [];
  const place = storage();
  const session = new Session({ revoke: async (token) => revoked.push(token) }, place);
  session.begin("ada", tokens("first"));

  await session.end();

  assert.deepEqual([revoked, place.kept.size, session.username], [["r"], 0, ""]);
});
