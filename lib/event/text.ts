/** Byte-exact handling of text: columns are limited in bytes of UTF-8, JavaScript counts UTF-16 units. */
import { createHash } from 'node:crypto';

/** Most bytes of UTF-8 a UTF-16 unit can take. */
const MAX_BYTES_PER_UNIT = 3;

/** Whether the text has at most `maxBytes` bytes of UTF-8. */
export function fitsBytes(text: string, maxBytes: number): boolean {
  const units = text.length;
  return units * MAX_BYTES_PER_UNIT <= maxBytes || (units <= maxBytes && Buffer.byteLength(text) <= maxBytes);
}

/** The longest beginning of the text that is whole characters and at most `maxBytes` bytes of UTF-8. */
export function truncateBytes(text: string, maxBytes: number): string {
  if (fitsBytes(text, maxBytes)) return text;
  // A character has at least one byte, so no more than maxBytes units can be kept.
  const bytes = Buffer.from(text.slice(0, maxBytes + 1));
  let end = Math.min(maxBytes, bytes.length);
  // Bytes 10xxxxxx continue a character: step back to where one starts.
  while (end > 0 && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}

/** First 32 hex digits of the SHA-256 of the text: 128 bits, enough to identify and short to store. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The text without NUL characters, which neither Parquet readers nor Redshift take, and with lone surrogates as U+FFFD. */
export function storable(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '') : wellFormed;
}
