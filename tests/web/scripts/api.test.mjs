import assert from "node:assert/strict";
import test from "node:test";
import { JS } from "./page.mjs";

const { Api, ApiError } = await import(new URL("api.js", JS));
const { failure } = await import(new URL("failure.js", JS));

/** Answers one after the other in place of the network. */
function network(t, ...answers) {
  const sent = [];
  t.mock.method(globalThis, "fetch", async (url, options) => {
    sent.push({ url, ...options });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    const { status = 200, body = {}, headers = {} } = answer;
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
  });
  return sent;
}

const api = (waited = []) => new Api("", async () => "token", async (seconds) => waited.push(seconds));

test("a lost answer is asked for again under the same key", async (t) => {
  const waited = [];
  const conflict = { status: 409, body: { error: { code: "conflict", message: "being answered" } }, headers: { "retry-after": "2" } };
  const sent = network(t, new TypeError("lost"), conflict, { body: { answer: "yes" } });

  const answer = await api(waited).ask("Why?", null);

  assert.equal(answer.answer, "yes");
  assert.equal(new Set(sent.map((one) => one.headers["idempotency-key"])).size, 1);
  assert.deepEqual(waited, [1, 2]);
  assert.equal(sent[0].headers.authorization, "Bearer token");
  assert.equal(sent[0].credentials, "omit");
});

test("two questions have two keys", async (t) => {
  const sent = network(t, {}, {});

  await api().ask("Why?", null);
  await api().ask("Why?", "c-1");

  assert.notEqual(sent[0].headers["idempotency-key"], sent[1].headers["idempotency-key"]);
  assert.deepEqual(JSON.parse(sent[1].body), { question: "Why?", conversation_id: "c-1" });
});

test("a refusal is not asked for again", async (t) => {
  const body = { error: { code: "token_budget_exhausted", message: "used up", resets_at: "2026-11-26T00:00:00Z" } };
  const sent = network(t, { status: 429, body, headers: { "retry-after": "3600" } });

  const error = await api().ask("Why?", null).catch((caught) => caught);

  assert.ok(error instanceof ApiError);
  assert.equal(sent.length, 1);
  assert.equal(failure(error).isBudget, true);
  assert.match(failure(error).message, /used up/);
});

test("everything is deleted, however many requests it takes", async (t) => {
  const sent = network(t, { status: 202, body: { is_complete: false } }, { body: { is_complete: true } });

  await api().deleteConversations();

  assert.equal(sent.length, 2);
});

test("an id and a cursor cannot leave their place in the address", async (t) => {
  const sent = network(t, {}, { status: 204 });

  await api().conversation("a/../b", "x&y");
  await api().deleteConversation("a?b");

  assert.deepEqual(sent.map((one) => one.url), ["/conversations/a%2F..%2Fb?before=x%26y", "/conversations/a%3Fb"]);
});

test("what goes wrong is said in words", () => {
  const said = (status, code, again = 0) => failure(new ApiError(status, { code, message: "raw" }, again)).message;

  assert.match(said(401, "not_authenticated"), /Sign out and sign in/);
  assert.match(said(429, "throttled", 3), /in 3 s/);
  assert.match(said(504, "model_timeout"), /too long/);
  assert.match(said(400, "bad_request"), /refused: raw/);
  assert.match(failure(new RangeError("odd")).message, /odd/);
});

/** A response whose body comes in these chunks, whatever they cut through. */
function streamed(t, ...bodies) {
  const sent = [];
  t.mock.method(globalThis, "fetch", async (url, options) => {
    sent.push({ url, ...options });
    const chunks = bodies.shift().map((text) => (typeof text === "string" ? new TextEncoder().encode(text) : text));
    const body = new ReadableStream({
      start(controller) {
        chunks.forEach((chunk) => controller.enqueue(chunk));
        controller.close();
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
  });
  return sent;
}

const ANSWER = 'event: answer\ndata: {"answer":"Zürich."}\n\n';

test("an answer is heard while it is written, wherever its bytes are cut", async (t) => {
  const whole = `: still working\n\nevent: piece\ndata: {"text":"Zü"}\n\nevent: piece\ndata: {"text":"rich."}\n\n${ANSWER}`;
  const bytes = new TextEncoder().encode(whole);
  const heard = [];
  const sent = streamed(t, [...bytes].map((byte) => Uint8Array.of(byte)));

  const answer = await api().ask("Where?", null, (text) => heard.push(text));

  assert.deepEqual(heard, ["Zü", "rich."]);
  assert.equal(answer.answer, "Zürich.");
  assert.equal(sent[0].headers.accept, "text/event-stream");
});

test("an answer that breaks off is asked for again, and begins anew", async (t) => {
  const heard = [];
  const sent = streamed(t, ['event: piece\ndata: {"text":"Z"}\n\nevent: ans'], [ANSWER]);

  const answer = await api().ask("Where?", null, (text) => heard.push(text));

  assert.deepEqual(heard, ["Z", null]);
  assert.equal(answer.answer, "Zürich.");
  assert.equal(new Set(sent.map((one) => one.headers["idempotency-key"])).size, 1);
});

test("a failure in the middle is one of the API's", async (t) => {
  streamed(t, ['event: error\ndata: {"error":{"code":"model_unavailable","message":"the model failed"}}\n\n']);

  const error = await api().ask("Where?", null).catch((caught) => caught);

  assert.ok(error instanceof ApiError);
  assert.equal(error.code, "model_unavailable");
});
