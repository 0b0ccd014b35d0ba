// An answer's text as blocks and pieces, so that it becomes elements without ever being HTML.

/** @typedef {{kind: "text" | "strong" | "code", text: string} | {kind: "mark", number: number}} Piece */
/** @typedef {{kind: "paragraph" | "heading", pieces: Piece[]}} Prose */
/** @typedef {{kind: "list", isOrdered: boolean, items: Piece[][]}} List */
/** @typedef {{kind: "code", text: string}} Code */
/** @typedef {Prose | List | Code} Block */

const FENCE = /^```/;
const HEADING = /^#{1,6} +(.*)$/;
const BULLET = /^ *[-*•] +(.*)$/;
const NUMBERED = /^ *\d{1,3}[.)] +(.*)$/;
const PIECE = /\*\*([^*\n]+)\*\*|`([^`\n]+)`|\[(\d{1,3})\]/g;

/**
 * @param {string} text
 * @param {number} citations How many passages there are; a mark beyond them stays text.
 * @returns {Block[]}
 */
export function blocks(text, citations) {
  /** @type {Block[]} */
  const found = [];
  let paragraph = [];
  const flush = () => {
    if (paragraph.length > 0) found.push({ kind: "paragraph", pieces: pieces(paragraph.join("\n"), citations) });
    paragraph = [];
  };
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    const end = FENCE.test(line) ? lines.findIndex((other, index) => index > at && FENCE.test(other)) : -1;
    const heading = HEADING.exec(line);
    const item = listed(line);
    if (end > 0) {
      flush();
      found.push({ kind: "code", text: lines.slice(at + 1, end).join("\n") });
      at = end;
    } else if (heading) {
      flush();
      found.push({ kind: "heading", pieces: pieces(heading[1], citations) });
    } else if (item) {
      flush();
      addItem(found, item, citations);
    } else if (line.trim() === "") flush();
    else paragraph.push(line);
  }
  flush();
  return found;
}

function listed(line) {
  const bullet = BULLET.exec(line);
  const numbered = bullet ? null : NUMBERED.exec(line);
  if (bullet) return { isOrdered: false, text: bullet[1] };
  return numbered ? { isOrdered: true, text: numbered[1] } : null;
}

function addItem(found, item, citations) {
  const last = found.at(-1);
  const content = pieces(item.text, citations);
  if (last?.kind === "list" && last.isOrdered === item.isOrdered) last.items.push(content);
  else found.push({ kind: "list", isOrdered: item.isOrdered, items: [content] });
}

/** @param {string} text @param {number} citations @returns {Piece[]} */
function pieces(text, citations) {
  /** @type {Piece[]} */
  const found = [];
  let from = 0;
  for (const match of text.matchAll(PIECE)) {
    const number = Number(match[3]);
    if (match[3] !== undefined && !(number >= 1 && number <= citations)) continue;
    if (match.index > from) found.push({ kind: "text", text: text.slice(from, match.index) });
    if (match[1] !== undefined) found.push({ kind: "strong", text: match[1] });
    else if (match[2] !== undefined) found.push({ kind: "code", text: match[2] });
    else found.push({ kind: "mark", number });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ kind: "text", text: text.slice(from) });
  return found;
}

/** @param {string} source Such as `s3://bucket/guides/fares.txt`. @returns {string} The name of the document. */
export function documentName(source) {
  return source.split("/").filter(Boolean).at(-1) ?? source;
}
