/** The bytes of records that are broken as a whole. */
import { gzipSync } from 'node:zlib';
import type { RecordReason } from '../simulation/broken';
import type { BrokenRecord } from '../simulation/outbox';

const LINE = '{"event_name":"page_view","site_id":"shop-001","page_title":"Grüße"}';
/** The line up to the first of the two bytes of its first letter that is not ASCII. */
const HALF_A_CHARACTER = Buffer.from(LINE.slice(0, LINE.indexOf('ü') + 1)).subarray(0, -1);
const LINES = `${LINE}\n`.repeat(20);
/** How much more than the limit the larger of the two bombs holds. */
const BOMB_FACTOR = 20;

/** Expanded sizes differ only with the limit, of which a run has one. */
const bombs = new Map<number, Buffer>();

/**
 * What a broken record holds.
 * @param maxExpandedBytes limit that the records which expand too far have to pass
 */
export function recordBytes({ reason, variant, companion }: BrokenRecord, maxExpandedBytes: number): Buffer {
  const forms = FORMS[reason](maxExpandedBytes);
  const form = forms[variant % forms.length] ?? forms[0];
  const bytes = form();
  return companion === undefined
    ? bytes
    : Buffer.concat([Buffer.from(`${companion}\n`), bytes, Buffer.from('\n')]);
}

type Form = () => Buffer;

const FORMS: Readonly<Record<RecordReason, (maxExpandedBytes: number) => readonly [Form, ...Form[]]>> = {
  empty_record: () => [() => Buffer.from('\n'), () => Buffer.from(' \r\n\t\n'), () => gzipSync('')],
  bad_gzip: () => [truncatedGzip, wrongChecksumGzip, () => Buffer.from([0x1f, 0x8b, 1, 2, 3, 4])],
  expands_past_limit: (limit) => [() => bomb(limit + 1), () => bomb(limit * BOMB_FACTOR)],
  // Latin-1 in place of UTF-8, and a character that ends early.
  not_utf8: () => [() => Buffer.from(LINE, 'latin1'), () => HALF_A_CHARACTER],
};

function truncatedGzip(): Buffer {
  const bytes = gzipSync(LINES);
  return bytes.subarray(0, bytes.length - 12);
}

function wrongChecksumGzip(): Buffer {
  const bytes = gzipSync(LINES);
  // The last eight bytes are checksum and length (RFC 1952).
  const at = bytes.length - 8;
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  return bytes;
}

/** Spaces: a thousandth of the size once compressed. */
function bomb(bytes: number): Buffer {
  let record = bombs.get(bytes);
  if (record === undefined) {
    record = gzipSync(Buffer.alloc(bytes, ' '));
    bombs.set(bytes, record);
  }
  return record;
}
