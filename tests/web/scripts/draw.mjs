// Draws QR codes of the texts that come on standard input, as rows of zeros and ones.
import { text } from "node:stream/consumers";
import { JS } from "./page.mjs";

const { encode } = await import(new URL("qr.js", JS));
const drawn = JSON.parse(await text(process.stdin)).map((one) =>
  encode(one).map((row) => row.map((isDark) => (isDark ? "1" : "0")).join("")),
);
process.stdout.write(JSON.stringify(drawn));
