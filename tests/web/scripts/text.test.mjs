import assert from "node:assert/strict";
import test from "node:test";
import { JS } from "./page.mjs";

const { blocks, documentName } = await import(new URL("text.js", JS));
const { DailyUsage } = await import(new URL("usage.js", JS));
const { checked } = await import(new URL("config.js", JS));

test("marks that have a source become marks, others stay text", () => {
  const [paragraph] = blocks("Yes [1]. No [7].", 2);

  assert.deepEqual(paragraph.pieces, [
    { kind: "text", text: "Yes " },
    { kind: "mark", number: 1 },
    { kind: "text", text: ". No [7]." },
  ]);
});

test("paragraphs, headings, lists and code are told apart", () => {
  const found = blocks("# Fares\nfirst\nsecond\n\n- one\n- **two**\n1. three\n```\n# no heading [1]\n```\nend", 1);

  assert.deepEqual(found.map((block) => block.kind), ["heading", "paragraph", "list", "list", "code", "paragraph"]);
  assert.equal(found[1].pieces[0].text, "first\nsecond");
  assert.deepEqual(found[2].items[1], [{ kind: "strong", text: "two" }]);
  assert.equal(found[4].text, "# no heading [1]");
});

test("markup of a model is text like any other", () => {
  const text = '<img src=x onerror="alert(1)"> [click](javascript:alert(1)) <script>';

  assert.deepEqual(blocks(text, 3), [{ kind: "paragraph", pieces: [{ kind: "text", text }] }]);
});

test("no text is lost, and none takes long", () => {
  const text = "**".repeat(5_000) + "`".repeat(5_001) + "[".repeat(5_000);
  const began = performance.now();
  const pieces = blocks(text, 9).flatMap((block) => block.pieces);

  assert.equal(pieces.map((piece) => piece.text).join(""), text);
  assert.ok(performance.now() - began < 1_000);
});

test("a document is named by the end of its address", () => {
  assert.equal(documentName("s3://documents/guides/fares.txt"), "fares.txt");
});

const told = (tokens) => ({
  budgets: [{ of: "tenant", tokens: 9_000, tokens_per_day: 9_999 }, { of: "user", tokens, tokens_per_day: 1_000 }],
  resets_at: "2026-11-26T00:00:00Z",
});

test("tokens of today are those that the budget counts, until midnight of UTC", async () => {
  let now = new Date("2026-11-25T23:50:00Z");
  const usage = new DailyUsage(500, () => now);
  await usage.read({ usage: async () => told(100) });
  usage.add({ input_tokens: 20, output_tokens: 3 });

  assert.deepEqual([usage.tokens, usage.limit, usage.isAtLeast, usage.resetsAt], [123, 1_000, false, "2026-11-26T00:00:00Z"]);
  usage.exhaust();
  assert.equal(usage.tokens, 1_000);
  now = new Date("2026-11-26T00:00:01Z");
  assert.equal(usage.tokens, 0);
});

test("of two counts under way the one that was asked for last is taken", async () => {
  const usage = new DailyUsage(null, () => new Date("2026-11-25T12:00:00Z"));
  let late;
  const first = usage.read({ usage: () => new Promise((resolve) => { late = resolve; }) });
  await usage.read({ usage: async () => told(42) });
  late(told(7));
  await first;

  assert.equal(usage.tokens, 42);
});

test("where the API counts nothing, the page counts its own", async () => {
  const usage = new DailyUsage(500, () => new Date("2026-11-25T12:00:00Z"));
  await usage.read({ usage: async () => null });
  usage.add({ input_tokens: 20, output_tokens: 3 });

  assert.deepEqual([usage.tokens, usage.limit, usage.isAtLeast], [23, 500, true]);
});

test("settings that lack something are refused by name", () => {
  const good = {
    name: "Chat",
    userPoolId: "eu-west-1_Abc",
    clientId: "c",
    signInUrl: "/sign-in",
    apiUrl: "",
    signInFlow: "USER_SRP_AUTH",
    tokensPerDay: null,
  };

  assert.equal(checked(good).name, "Chat");
  assert.throws(() => checked({ ...good, signInFlow: "ADMIN", clientId: "" }), /clientId, signInFlow/);
});
