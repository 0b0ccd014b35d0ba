// Where things are in a QR code: sizes, finders, timing, alignment, format and version (ISO/IEC 18004).

/** Versions 1 to 20, which hold up to 666 bytes. */
export const VERSIONS = 20;

// Codewords of correction a block, and blocks, at level M (table 9); the first entry is no version.
const CORRECTION = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
const LEVEL_M = 0b00;

/** @param {number} version @returns {number} Modules along a side. */
export function sizeOf(version) {
  return 17 + 4 * version;
}

/** @param {number} version @returns {number[]} Centres of alignment patterns along a side (annex E). */
function alignment(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((4 * version + 4) / (2 * (count - 1))) * 2;
  const last = sizeOf(version) - 7;
  const rest = Array.from({ length: count - 1 }, (_, at) => last - step * at);
  return [6, ...rest.reverse()];
}

/** @param {number} version @returns {{total: number, data: number, blocks: number, correction: number}} Codewords. */
export function capacity(version) {
  const size = sizeOf(version);
  const centres = alignment(version).length;
  let modules = size * size - 3 * 64 - 2 * (size - 16) - 31;
  if (centres > 0) {
    modules -= (centres * centres - 3) * 25;
    modules += 2 * (centres - 2) * 5; // those on the timing lines share five modules with them
  }
  if (version >= 7) modules -= 36;
  const total = Math.floor(modules / 8);
  const blocks = BLOCKS[version];
  return { total, blocks, correction: CORRECTION[version], data: total - blocks * CORRECTION[version] };
}

/** A square of modules, some of which are taken by patterns. */
export class Grid {
  /** @param {number} version */
  constructor(version) {
    this.version = version;
    this.size = sizeOf(version);
    this.dark = new Uint8Array(this.size * this.size);
    this.taken = new Uint8Array(this.size * this.size);
    this.#patterns();
  }

  /** @param {number} x @param {number} y @returns {number} */
  at(x, y) {
    return y * this.size + x;
  }

  #set(x, y, isDark) {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return;
    this.dark[this.at(x, y)] = isDark ? 1 : 0;
    this.taken[this.at(x, y)] = 1;
  }

  #patterns() {
    for (let along = 0; along < this.size; along += 1) {
      this.#set(6, along, along % 2 === 0);
      this.#set(along, 6, along % 2 === 0);
    }
    const end = this.size - 4;
    for (const [x, y] of [[3, 3], [end, 3], [3, end]]) this.#square(x, y, 4, (distance) => distance !== 2 && distance !== 4);
    const centres = alignment(this.version);
    const last = centres.at(-1);
    for (const x of centres) {
      for (const y of centres) {
        const isAtFinder = (x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6);
        if (!isAtFinder) this.#square(x, y, 2, (distance) => distance !== 1);
      }
    }
    this.format(0);
    if (this.version >= 7) this.#versionBits();
  }

  #square(centreX, centreY, reach, isDark) {
    for (let y = -reach; y <= reach; y += 1) {
      for (let x = -reach; x <= reach; x += 1) {
        this.#set(centreX + x, centreY + y, isDark(Math.max(Math.abs(x), Math.abs(y))));
      }
    }
  }

  /** Write level and mask beside the finders, twice. @param {number} mask */
  format(mask) {
    const value = (LEVEL_M << 3) | mask;
    const bits = ((value << 10) | remainder(value, 10, 0x537)) ^ 0x5412;
    const bit = (at) => ((bits >> at) & 1) === 1;
    for (let at = 0; at < 15; at += 1) {
      const along = at < 6 ? at : at < 8 ? at + 1 : -1;
      if (along >= 0) this.#set(8, along, bit(at));
      else if (at === 8) this.#set(7, 8, bit(at));
      else this.#set(14 - at, 8, bit(at));
      if (at < 8) this.#set(this.size - 1 - at, 8, bit(at));
      else this.#set(8, this.size - 15 + at, bit(at));
    }
    this.#set(8, this.size - 8, true);
  }

  #versionBits() {
    const bits = (this.version << 12) | remainder(this.version, 12, 0x1f25);
    for (let at = 0; at < 18; at += 1) {
      const far = this.size - 11 + (at % 3);
      const near = Math.floor(at / 3);
      this.#set(far, near, ((bits >> at) & 1) === 1);
      this.#set(near, far, ((bits >> at) & 1) === 1);
    }
  }
}

/** The remainder of a division of polynomials over GF(2). */
function remainder(value, degree, divisor) {
  let rest = value;
  for (let step = 0; step < degree; step += 1) rest = (rest << 1) ^ ((rest >> (degree - 1)) * divisor);
  return rest;
}
