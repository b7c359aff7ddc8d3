/** Undoes the escapes that servers write into quoted fields of access logs. */

const ESCAPES = /((?:\\x[0-9A-Fa-f]{2})+)|\\(["\\/bfnrtv])/g;
const CONTROLS: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * Undoes `\"`, `\\`, `\n` and its like, and `\xhh`. Runs of `\xhh` are bytes of UTF-8; bytes that are none become
 * U+FFFD. A backslash before anything else stands for itself.
 */
export function unescapeLog(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPES, (_, bytes: string | undefined, letter: string) =>
    bytes === undefined
      ? (CONTROLS[letter] ?? letter)
      : Buffer.from(bytes.replaceAll('\\x', ''), 'hex').toString('utf8'),
  );
}
