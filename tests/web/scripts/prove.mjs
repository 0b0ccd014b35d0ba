// Answers challenges that come on standard input, so that another implementation can check them.
import { text } from "node:stream/consumers";
import { JS } from "./page.mjs";

const { PasswordProof } = await import(new URL("srp.js", JS));
const answers = [];
for (const { pool, password, secret, challenge, at } of JSON.parse(await text(process.stdin))) {
  const proof = new PasswordProof(pool, password, BigInt(secret));
  answers.push({ public: proof.publicValue, ...(await proof.answer(challenge, new Date(at))) });
}
process.stdout.write(JSON.stringify(answers));
