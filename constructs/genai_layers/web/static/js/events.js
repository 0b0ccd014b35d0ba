// Server-sent events out of a response, as they come. EventSource cannot send a token or a body.

/**
 * @typedef {object} Told
 * @property {string} name Empty where the event has none.
 * @property {string} data
 */

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<Told>}
 */
export async function* eventsIn(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += value ?? "";
      const blocks = rest.split(/\r?\n\r?\n/);
      // What no empty line has ended may go on in the next chunk; at the end of the stream it was cut off.
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const told = eventOf(block);
        if (told !== null) yield told;
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** @param {string} block @returns {Told | null} Null where it holds nothing but comments. */
function eventOf(block) {
  let name = "";
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  return data.length === 0 ? null : { name, data: data.join("\n") };
}
