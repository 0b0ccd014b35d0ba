import assert from "node:assert/strict";
import test from "node:test";
import { JS } from "./page.mjs";

const { SignInError } = await import(new URL("cognito.js", JS));
const { SignIn, authenticatorAddress, endsSignIn, sentence } = await import(new URL("sign_in.js", JS));

/** A Cognito that asks what it is told to, and notes what it heard. */
function cognito(...steps) {
  const heard = [];
  const next = (...what) => {
    heard.push(what);
    const step = steps.shift();
    if (step instanceof Error) throw step;
    return Promise.resolve(step);
  };
  return {
    heard,
    begin: (...what) => next("begin", ...what),
    respond: (step, responses) => next("respond", step.ChallengeName, step.Session, responses),
    associate: (session) => next("associate", session),
    verify: (session, code) => next("verify", session, code),
    forget: (username) => next("forget", username),
    recover: (...what) => next("recover", ...what),
  };
}

const TOKENS = { AuthenticationResult: { AccessToken: "a", RefreshToken: "r", ExpiresIn: 900 } };

test("an invited user chooses a password, enrols an authenticator and is in", async () => {
  const service = cognito(
    { ChallengeName: "NEW_PASSWORD_REQUIRED", Session: "s1", ChallengeParameters: { USER_ID_FOR_SRP: "u-1" } },
    { ChallengeName: "MFA_SETUP", Session: "s2", ChallengeParameters: {} },
    { SecretCode: "ABCD", Session: "s3" },
    { Status: "SUCCESS", Session: "s4" },
    TOKENS,
  );
  const signIn = new SignIn(service);

  await signIn.enterPassword(" grace@example.com ", "once");
  assert.equal(signIn.stage, "new-password");
  await signIn.enterNewPassword("mine");
  assert.deepEqual([signIn.stage, signIn.secret], ["enrol", "ABCD"]);
  await signIn.enterCode("123 456");

  assert.equal(signIn.stage, "done");
  assert.equal(signIn.secret, "", "the secret is not kept");
  assert.deepEqual(service.heard, [
    ["begin", "grace@example.com", "once"],
    ["respond", "NEW_PASSWORD_REQUIRED", "s1", { USERNAME: "u-1", NEW_PASSWORD: "mine" }],
    ["associate", "s2"],
    ["verify", "s3", "123456"],
    ["respond", "MFA_SETUP", "s4", { USERNAME: "grace@example.com" }],
  ]);
});

test("a user who is enrolled enters a code", async () => {
  const service = cognito({ ChallengeName: "SOFTWARE_TOKEN_MFA", Session: "s1", ChallengeParameters: {} }, TOKENS);
  const signIn = new SignIn(service);

  await signIn.enterPassword("ada@example.com", "mine");
  await signIn.enterCode("654321");

  assert.deepEqual(service.heard.at(-1)[3], { USERNAME: "ada@example.com", SOFTWARE_TOKEN_MFA_CODE: "654321" });
  assert.equal(signIn.tokens.AccessToken, "a");
});

test("a wrong code leaves the stage as it is, so that the next one can be entered", async () => {
  const service = cognito(
    { ChallengeName: "SOFTWARE_TOKEN_MFA", Session: "s1", ChallengeParameters: {} },
    new SignInError("CodeMismatchException", "no"),
    TOKENS,
  );
  const signIn = new SignIn(service);
  await signIn.enterPassword("ada@example.com", "mine");

  await assert.rejects(signIn.enterCode("000000"), SignInError);
  assert.equal(signIn.stage, "code");
  await signIn.enterCode("654321");

  assert.equal(signIn.stage, "done");
});

test("a challenge that the page cannot answer is named", async () => {
  const signIn = new SignIn(cognito({ ChallengeName: "SMS_MFA", Session: "s" }));

  await assert.rejects(signIn.enterPassword("ada@example.com", "mine"), /SMS_MFA/);
});

test("a forgotten password is set anew with a code from an e-mail, and the second factor is still asked for", async () => {
  const code = { ChallengeName: "SOFTWARE_TOKEN_MFA", Session: "s1", ChallengeParameters: {} };
  const service = cognito({}, {}, code);
  const signIn = new SignIn(service);

  signIn.forget();
  assert.equal(signIn.stage, "forgotten");
  await signIn.askForCode("ada@example.com ");
  assert.equal(signIn.stage, "recover");
  await signIn.recover("123 456", "new");

  assert.equal(signIn.stage, "code");
  assert.deepEqual(service.heard, [
    ["forget", "ada@example.com"],
    ["recover", "ada@example.com", "123456", "new"],
    ["begin", "ada@example.com", "new"],
  ]);
});

test("a session that is over begins the sign-in again, a wrong password does not", () => {
  const over = new SignInError("NotAuthorizedException", "Invalid session");

  assert.equal(endsSignIn(over, "code"), true);
  assert.equal(endsSignIn(over, "password"), false);
});

test("a person reads a sentence and not whether a name exists", () => {
  const wrong = sentence(new SignInError("NotAuthorizedException", "Incorrect username or password."));

  assert.equal(sentence(new SignInError("UserNotFoundException", "User does not exist.")), wrong);
  assert.match(sentence(new TypeError("Failed to fetch")), /cannot be reached/);
});

test("the authenticator's address quotes what a name may hold", () => {
  assert.equal(
    authenticatorAddress("Chat & more", "a+b@example.com", "ABCD"),
    "otpauth://totp/Chat%20%26%20more:a%2Bb%40example.com?secret=ABCD&issuer=Chat%20%26%20more",
  );
});
