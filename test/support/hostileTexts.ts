/** Texts that are markup, scripts, formulas or SQL to whoever takes them for more than text. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const OWN: readonly string[] = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '"><svg onload=alert(3)>',
  "';alert(4)//",
  '<iframe src="javascript:alert(5)"></iframe>',
  '<b style="position:fixed;inset:0">over everything</b>',
  '{a|rich} {name|text}',
  '=HYPERLINK("http://attacker.example","click")',
  "'; DROP TABLE events; --",
  '\u202eright to left',
  'a\u0301\u0327 combining',
  '<a href="javascript:alert(6)">link</a>',
  '&lt;script&gt; &amp; &#60;',
  '#{7*7} {{7*7}} <%= 7*7 %>',
];

/** The big list of naughty strings, where it lies beside the checkout. */
const BIG_LIST = path.resolve(__dirname, '../../../shared/data/payloads/naughty/blns.json');

/** Our own, and those of the big list when it is there. */
export function hostileTexts(): string[] {
  const more: unknown = existsSync(BIG_LIST) ? JSON.parse(readFileSync(BIG_LIST, 'utf8')) : [];
  return [...OWN, ...(Array.isArray(more) ? more.filter((text) => typeof text === 'string') : [])];
}
