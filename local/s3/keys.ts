/** Object keys: their order, and the files they are kept in. */
import { createHash } from 'node:crypto';
import { AwsError } from '../http/awsError';

/** S3: bytes of UTF-8 in a key. */
const MAX_KEY_BYTES = 1024;
/** File names are at most 255 bytes on the usual file systems. */
const MAX_FILE_NAME_BYTES = 255;
/** What some file system refuses in a name or reads as something else. */
const UNSAFE_SEGMENT = /^\.{0,2}$|[\p{Cc}\\:*?"<>|]|[. ]$/u;

/** The order S3 lists keys in: that of their UTF-8 bytes. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA === unitB) continue;
    // JavaScript's units sort as UTF-8 does, but for surrogates: they stand for code points above all others.
    const isSurrogateA = unitA >= 0xd800 && unitA <= 0xdfff;
    const isSurrogateB = unitB >= 0xd800 && unitB <= 0xdfff;
    if (isSurrogateA !== isSurrogateB) return isSurrogateA ? 1 : -1;
    return unitA - unitB;
  }
  return a.length - b.length;
}

/**
 * The path inside the bucket's directory that reads as the key does, or undefined when no safe one does (`..`,
 * empty or overlong parts, characters that file systems refuse).
 */
export function plainPath(key: string): string | undefined {
  const isSafe = key
    .split('/')
    .every((segment) => !UNSAFE_SEGMENT.test(segment) && Buffer.byteLength(segment) <= MAX_FILE_NAME_BYTES);
  return isSafe ? key : undefined;
}

/** A file name for keys that have no plain path. */
export function hashedName(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** @throws AwsError KeyTooLongError when S3 would refuse the key */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes <= MAX_KEY_BYTES) return;
  throw new AwsError('KeyTooLongError', `Your key is too long: ${bytes} bytes, at most ${MAX_KEY_BYTES}`);
}
