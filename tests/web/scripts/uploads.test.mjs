import assert from "node:assert/strict";
import test from "node:test";
import { JS } from "./page.mjs";

const { typeOf, upload } = await import(new URL("uploads.js", JS));

const file = (name = "a.txt") => ({ name, size: 5, arrayBuffer: async () => new TextEncoder().encode("hello").buffer });

function api(...statuses) {
  const asked = [];
  return {
    asked,
    beginUpload: async (wanted) => {
      asked.push(wanted);
      return { id: "d-1", upload: { url: "https://bucket.example", fields: { key: "k" } } };
    },
    document: async (id) => ({ id, name: "a.txt", status: statuses.length > 1 ? statuses.shift() : statuses[0] }),
  };
}

test("a document is asked for with its hash, sent, and waited for until it was looked into", async () => {
  const waited = [];
  const heard = [];
  const sent = [];
  const used = api("waiting", "scanning", "accepted");

  const done = await upload(used, file(), (share) => heard.push(share), {
    send: async (form, _, hear) => {
      sent.push(form);
      hear(0.5);
      hear(1);
    },
    wait: async (seconds) => waited.push(seconds),
  });

  assert.equal(done.status, "accepted");
  assert.deepEqual(used.asked, [{
    name: "a.txt",
    size: 5,
    type: "text/plain",
    sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
  }]);
  assert.deepEqual(sent, [{ url: "https://bucket.example", fields: { key: "k" } }]);
  assert.deepEqual([heard, waited], [[0.5, 1], [1, 1.5]]);
});

test("a look that takes too long is not waited for for ever", async () => {
  let waited = 0;
  const done = await upload(api("scanning"), file(), () => undefined, {
    send: async () => undefined,
    wait: async (seconds) => { waited += seconds; },
  });

  assert.equal(done.status, "scanning");
  assert.ok(waited < 300);
});

test("a document that the bucket refuses is not waited for", async () => {
  const failing = upload(api("waiting"), file(), () => undefined, { send: async () => { throw new Error("no"); } });

  await assert.rejects(failing, /no/);
});

test("kinds are told by the end of a name", () => {
  const names = ["A.PDF", "a.b.md", "exe", "a.exe", "a.constructor"];

  assert.deepEqual(names.map(typeOf), ["application/pdf", "text/markdown", "", "", ""]);
});
