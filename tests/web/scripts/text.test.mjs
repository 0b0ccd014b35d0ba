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

test("tokens of today are counted from what is kept and what is asked, until midnight of UTC", async () => {
  let now = new Date("2026-11-25T23:50:00Z");
  const usage = new DailyUsage(1_000, () => now);
  const message = (at, tokens) => ({ at, usage: { input_tokens: tokens, output_tokens: 0 } });
  await usage.read({
    conversations: async () => ({
      conversations: [
        { conversation_id: "a", updated_at: "2026-11-25T10:00:00Z" },
        { conversation_id: "b", updated_at: "2026-11-24T10:00:00Z" },
      ],
    }),
    conversation: async (id) => {
      assert.equal(id, "a");
      return { messages: [message("2026-11-25T09:00:00Z", 100), message("2026-11-24T23:00:00Z", 50)], before: null };
    },
  });
  usage.add({ input_tokens: 20, output_tokens: 3 });

  assert.deepEqual([usage.tokens, usage.isAtLeast], [123, false]);
  usage.exhaust();
  assert.equal(usage.tokens, 1_000);
  now = new Date("2026-11-26T00:00:01Z");
  assert.equal(usage.tokens, 0);
});

test("what is asked while the day is read is counted once", async () => {
  const usage = new DailyUsage(null, () => new Date("2026-11-25T12:00:00Z"));
  const asked = { at: "2026-11-25T12:00:00Z", usage: { input_tokens: 40, output_tokens: 2 } };
  let reads = 0;
  await usage.read({
    conversations: async () => ({ conversations: [{ conversation_id: "a", updated_at: asked.at }] }),
    conversation: async () => {
      reads += 1;
      if (reads === 1) usage.add(asked.usage);
      return { messages: [asked], before: null };
    },
  });

  assert.deepEqual([usage.tokens, reads], [42, 2]);
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
