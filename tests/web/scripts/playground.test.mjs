import assert from "node:assert/strict";
import test from "node:test";
import { JS } from "./page.mjs";

const { asked, played } = await import(new URL("playground.js", JS));

test("what was left empty is not asked", () => {
  const values = { prompt: "Why?", system: " ", first: "a", second: "", max_tokens: "", temperature: "0", top_p: "0.5" };

  assert.deepEqual(asked(values), { prompt: "Why?", models: ["a"], temperature: 0, top_p: 0.5 });
});

test("each event is told with its model, and one without is of all", async () => {
  const heard = [];
  const events = [
    ["piece", { model: 1, text: "x" }],
    ["answer", { model: 0, text: "y" }],
    ["error", { model: 1, error: { message: "slow" } }],
    ["error", { error: { message: "no" } }],
    ["piece", { model: "0", text: "odd" }],
  ];
  const text = events.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join(": beat\n\n");

  await played(new Blob([text]).stream(), {
    piece: (model, words) => heard.push(["piece", model, words]),
    answer: (model, told) => heard.push(["answer", model, told.text]),
    error: (model, message) => heard.push(["error", model, message]),
  });

  assert.deepEqual(heard, [["piece", 1, "x"], ["answer", 0, "y"], ["error", 1, "slow"], ["error", null, "no"]]);
});
