// QR codes of bytes, at correction level M, drawn as SVG (ISO/IEC 18004).

import { utf8 } from "./bytes.js";
import { Grid, VERSIONS, capacity } from "./qr_layout.js";
import { correction } from "./reed_solomon.js";

const BYTE_MODE = 0b0100;
const PADDING = [0xec, 0x11];
const QUIET_MODULES = 4;

const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/**
 * @param {string} text
 * @returns {boolean[][]} Rows of modules, true where dark, without the quiet zone.
 */
export function encode(text) {
  const bytes = utf8(text);
  const version = smallest(bytes.length);
  const grid = new Grid(version);
  place(grid, interleaved(codewords(bytes, version), version));
  const best = MASKS.map((_, mask) => masked(grid, mask)).reduce((a, b) => (penalty(b) < penalty(a) ? b : a));
  return Array.from({ length: grid.size }, (_, y) =>
    Array.from({ length: grid.size }, (__, x) => best.dark[grid.at(x, y)] === 1),
  );
}

/**
 * @param {boolean[][]} rows
 * @returns {{side: number, path: string}} The `viewBox` side in modules, quiet zone included, and the path of what is dark.
 */
export function outline(rows) {
  const parts = [];
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      parts.push(`M${from + QUIET_MODULES} ${y + QUIET_MODULES}h${x - from + 1}v1H${from + QUIET_MODULES}z`);
    }
  });
  return { side: rows.length + 2 * QUIET_MODULES, path: parts.join("") };
}

function lengthBits(version) {
  return version < 10 ? 8 : 16;
}

function smallest(length) {
  for (let version = 1; version <= VERSIONS; version += 1) {
    if (4 + lengthBits(version) + 8 * length <= 8 * capacity(version).data) return version;
  }
  throw new RangeError(`${length} bytes do not fit into a QR code of version ${VERSIONS}`);
}

function codewords(bytes, version) {
  const { data } = capacity(version);
  const bits = [];
  const push = (value, count) => {
    for (let at = count - 1; at >= 0; at -= 1) bits.push((value >> at) & 1);
  };
  push(BYTE_MODE, 4);
  push(bytes.length, lengthBits(version));
  for (const byte of bytes) push(byte, 8);
  push(0, Math.min(4, 8 * data - bits.length));
  push(0, (8 - (bits.length % 8)) % 8);
  const words = new Uint8Array(data);
  const used = bits.length / 8;
  for (let at = 0; at < data; at += 1) {
    words[at] = at < used ? bits.slice(8 * at, 8 * at + 8).reduce((a, bit) => (a << 1) | bit, 0) : PADDING[(at - used) % 2];
  }
  return words;
}

function interleaved(data, version) {
  const { blocks: count, correction: perBlock, total } = capacity(version);
  const short = Math.floor(data.length / count);
  const shortCount = count - (data.length % count);
  const blocks = [];
  for (let block = 0, from = 0; block < count; block += 1) {
    const length = short + (block < shortCount ? 0 : 1);
    const words = data.slice(from, from + length);
    blocks.push({ words, check: correction(words, perBlock) });
    from += length;
  }
  const result = [];
  for (let at = 0; at <= short; at += 1) for (const { words } of blocks) if (at < words.length) result.push(words[at]);
  for (let at = 0; at < perBlock; at += 1) for (const { check } of blocks) result.push(check[at]);
  return Uint8Array.from(result).slice(0, total);
}

/** Fill the modules that are free, in pairs of columns from the right, up and down in turn. */
function place(grid, words) {
  let bit = 0;
  let isUpward = true;
  for (let right = grid.size - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1;
    for (let step = 0; step < grid.size; step += 1) {
      const y = isUpward ? grid.size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (grid.taken[grid.at(x, y)]) continue;
        grid.dark[grid.at(x, y)] = bit < 8 * words.length ? (words[bit >> 3] >> (7 - (bit & 7))) & 1 : 0;
        bit += 1;
      }
    }
    isUpward = !isUpward;
  }
}

function masked(grid, mask) {
  const copy = new Grid(grid.version);
  copy.dark.set(grid.dark);
  for (let y = 0; y < grid.size; y += 1) {
    for (let x = 0; x < grid.size; x += 1) {
      if (!grid.taken[grid.at(x, y)] && MASKS[mask](x, y)) copy.dark[grid.at(x, y)] ^= 1;
    }
  }
  copy.format(mask);
  return copy;
}

/** How hard a reader would find it (section 7.8.3): runs, blocks, what looks like a finder, too much of one shade. */
function penalty(grid) {
  const { size, dark } = grid;
  let points = 0;
  let darkCount = 0;
  for (let line = 0; line < size; line += 1) {
    const row = Array.from({ length: size }, (_, along) => dark[grid.at(along, line)]).join("");
    const column = Array.from({ length: size }, (_, along) => dark[grid.at(line, along)]).join("");
    for (const modules of [row, column]) {
      for (const run of modules.match(/0{5,}|1{5,}/g) ?? []) points += run.length - 2;
      for (const finder of ["10111010000", "00001011101"]) {
        for (let at = modules.indexOf(finder); at >= 0; at = modules.indexOf(finder, at + 1)) points += 40;
      }
    }
    darkCount += row.split("1").length - 1;
  }
  for (let y = 0; y < size - 1; y += 1) {
    for (let x = 0; x < size - 1; x += 1) {
      const sum = dark[grid.at(x, y)] + dark[grid.at(x + 1, y)] + dark[grid.at(x, y + 1)] + dark[grid.at(x + 1, y + 1)];
      if (sum % 4 === 0) points += 3;
    }
  }
  return points + 10 * Math.floor(Math.abs((darkCount * 20) / (size * size) - 10));
}
