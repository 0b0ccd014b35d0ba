// Error correction of QR codes: Reed-Solomon over GF(256) with the polynomial x^8 + x^4 + x^3 + x^2 + 1.

const LOGARITHMS = new Uint8Array(256);
const POWERS = new Uint8Array(512);

for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
  POWERS[exponent] = value;
  POWERS[exponent + 255] = value;
  LOGARITHMS[value] = exponent;
  value <<= 1;
  if (value > 255) value ^= 0x11d;
}

function product(a, b) {
  return a === 0 || b === 0 ? 0 : POWERS[LOGARITHMS[a] + LOGARITHMS[b]];
}

/** @param {number} degree @returns {Uint8Array} Coefficients below the leading 1, highest first. */
function generator(degree) {
  let coefficients = [1];
  for (let root = 0; root < degree; root += 1) {
    const next = [...coefficients, 0];
    coefficients.forEach((coefficient, at) => {
      next[at + 1] ^= product(coefficient, POWERS[root]);
    });
    coefficients = next;
  }
  return Uint8Array.from(coefficients.slice(1));
}

/**
 * @param {Uint8Array} data
 * @param {number} count How many codewords of correction.
 * @returns {Uint8Array} The remainder of the division by the generator.
 */
export function correction(data, count) {
  const divisor = generator(count);
  const remainder = new Uint8Array(count);
  for (const byte of data) {
    const factor = byte ^ remainder[0];
    remainder.copyWithin(0, 1);
    remainder[count - 1] = 0;
    divisor.forEach((coefficient, at) => {
      remainder[at] ^= product(coefficient, factor);
    });
  }
  return remainder;
}
