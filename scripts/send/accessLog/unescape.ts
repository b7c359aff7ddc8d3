/** Undoes the escapes that servers write into quoted fields of access logs. */

const BACKSLASH = 0x5c;
const LETTER_X = 0x78;
/** What a backslash and this character stand for, both as bytes. */
const LETTERS: ReadonlyMap<number, number> = new Map(
  Object.entries({
    '"': '"',
    '\\': '\\',
    '/': '/',
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
  }).map(([letter, meant]) => [letter.charCodeAt(0), meant.charCodeAt(0)]),
);

/**
 * Undoes `\"`, `\\`, `\n` and its like, and `\xhh`. Runs of `\xhh` are bytes of UTF-8; bytes that are none become
 * U+FFFD. A backslash before anything else stands for itself. One pass over the bytes, whatever the text holds: a
 * regular expression for a run keeps a place to return to for each of its bytes, and overflows on a run of millions.
 */
export function unescapeLog(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes = Buffer.from(text, 'utf8');
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const [byte, width] = byteAt(bytes, at);
    bytes[length++] = byte;
    at += width;
  }
  return bytes.toString('utf8', 0, length);
}

/** The byte that stands at `at` once an escape there is undone, and how many bytes it was written with. */
function byteAt(bytes: Buffer, at: number): [byte: number, width: number] {
  const byte = bytes[at] as number;
  if (byte !== BACKSLASH) return [byte, 1];
  const next = bytes[at + 1] ?? 0;
  if (next === LETTER_X) {
    const digits = bytes.toString('latin1', at + 2, at + 4);
    return /^[0-9A-Fa-f]{2}$/.test(digits) ? [Number.parseInt(digits, 16), 4] : [byte, 1];
  }
  const meant = LETTERS.get(next);
  return meant === undefined ? [byte, 1] : [meant, 2];
}
