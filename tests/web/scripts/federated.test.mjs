import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { JS } from "./page.mjs";

const { SignInError } = await import(new URL("cognito.js", JS));
const { checked } = await import(new URL("config.js", JS));
const { Federated, pageAddress } = await import(new URL("federated.js", JS));
const { sentence } = await import(new URL("sign_in.js", JS));

const PAGE = "https://chat.example.com/";
const FEDERATION = {
  url: "https://sign-in-1.auth.eu-central-1.amazoncognito.com",
  clientId: "client",
  scope: "openid email api/person",
  providers: [{ name: "Company", label: "Company account" }],
};

function storage() {
  const kept = new Map();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
}

/** Answer every request with *body*, and return the requests. */
function answering(body, status = 200) {
  const requests = [];
  globalThis.fetch = async (url, options) => {
    requests.push({ url, form: Object.fromEntries(options.body), options });
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  };
  return requests;
}

const idToken = (claims) => `h.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.s`;

async function begun() {
  const place = storage();
  const federated = new Federated(FEDERATION, PAGE, place);
  const address = new URL(await federated.begin("Company"));
  return { place, federated, query: address.searchParams, address };
}

test("a sign-in begins with the hash of a secret that stays in the tab", async () => {
  const { place, address, query } = await begun();
  const { state, verifier } = JSON.parse(place.kept.get("federated-sign-in"));

  assert.equal(address.origin + address.pathname, `${FEDERATION.url}/oauth2/authorize`);
  assert.equal(query.get("code_challenge"), createHash("sha256").update(verifier).digest("base64url"));
  assert.equal(query.get("code_challenge_method"), "S256");
  assert.deepEqual(
    ["response_type", "client_id", "redirect_uri", "scope", "identity_provider", "state"].map((name) => query.get(name)),
    ["code", "client", PAGE, "openid email api/person", "Company", state],
  );
  assert.equal(address.href.includes(verifier), false);
  assert.match(verifier, /^[\w-]{43}$/);
  assert.notEqual((await begun()).query.get("state"), state);
});

test("a code is given back with the secret, once", async () => {
  const { place, federated, query } = await begun();
  const { state, verifier } = JSON.parse(place.kept.get("federated-sign-in"));
  const requests = answering({
    access_token: "a", refresh_token: "r", expires_in: 900, id_token: idToken({ email: "ada@example.com" }),
  });

  const done = await federated.finish(`?code=c&state=${query.get("state")}`);

  assert.deepEqual(done, { username: "ada@example.com", tokens: { AccessToken: "a", RefreshToken: "r", ExpiresIn: 900 } });
  assert.equal(requests[0].url, `${FEDERATION.url}/oauth2/token`);
  assert.deepEqual(requests[0].form, {
    grant_type: "authorization_code", code: "c", code_verifier: verifier, redirect_uri: PAGE, client_id: "client",
  });
  assert.equal(requests[0].options.credentials, "omit");
  assert.equal(await federated.finish(`?code=c&state=${state}`), null);
  assert.equal(requests.length, 1);
});

test("what this tab did not begin is not looked at", async () => {
  const { federated } = await begun();
  const requests = answering({});
  const stranger = new Federated(FEDERATION, PAGE, storage());

  assert.equal(await stranger.finish("?code=c&state=s"), null);
  for (const search of ["", "?code=c", "?code=c&state=other", "?error=x&error_description=Call%20us", "?state=other&error=x"]) {
    assert.equal(await federated.finish(search), null);
  }
  assert.equal(requests.length, 0);
});

test("a refusal is told in our own words", async () => {
  const { place, federated, query } = await begun();
  const search = `?error=invalid_request&error_description=proved%20no%20second%20factor&state=${query.get("state")}`;

  const refused = await federated.finish(search).catch((error) => error);

  assert.ok(refused instanceof SignInError);
  assert.match(sentence(refused), /second factor/);
  assert.equal(sentence(new SignInError("FederationRefused", "Call us")).includes("Call us"), false);
  assert.equal(place.kept.size, 0);
});

test("a session is renewed and ended at the same place", async () => {
  const { federated } = await begun();
  const renewing = answering({ access_token: "b", expires_in: 900 });
  assert.deepEqual(await federated.refresh("r"), {
    AuthenticationResult: { AccessToken: "b", RefreshToken: undefined, ExpiresIn: 900 },
  });
  assert.deepEqual(renewing[0].form, { grant_type: "refresh_token", refresh_token: "r", client_id: "client" });

  const ending = answering("");
  await federated.revoke("r");
  assert.deepEqual([ending[0].url, ending[0].form], [`${FEDERATION.url}/oauth2/revoke`, { token: "r", client_id: "client" }]);

  answering({ error: "invalid_grant" }, 400);
  await assert.rejects(federated.refresh("r"), SignInError);
  answering("<html>", 502);
  await assert.rejects(federated.refresh("r"), SignInError);
});

test("a person whose token names no address is nameless, not somebody else", async () => {
  const { federated, query } = await begun();
  answering({ access_token: "a", refresh_token: "r", expires_in: 900, id_token: "x" });

  assert.equal((await federated.finish(`?code=c&state=${query.get("state")}`)).username, "");
});

test("the page knows its own address without what it was opened with", () => {
  assert.equal(pageAddress("https://chat.example.com/?code=c#x"), PAGE);
  assert.equal(pageAddress("https://chat.example.com/index.html"), PAGE);
});

test("settings with half a directory are refused", () => {
  const whole = {
    name: "n", userPoolId: "eu-central-1_a", clientId: "c", signInUrl: "/", apiUrl: "", signInFlow: "USER_SRP_AUTH",
    tokensPerDay: null,
  };

  assert.deepEqual(checked({ ...whole, federation: FEDERATION }).federation, FEDERATION);
  assert.equal(checked(whole).federation, undefined);
  for (const federation of [null, {}, { ...FEDERATION, url: "" }, { ...FEDERATION, providers: [{ name: "A" }] }]) {
    assert.throws(() => checked({ ...whole, federation }), /federation/);
  }
});
