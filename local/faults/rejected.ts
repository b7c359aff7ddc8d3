/** What lies in `rejected/` after a case: events that must be rejected may not be lost on the way there either. */
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { listPages } from '../../lambda/shared/listing';
import type { RejectedLine } from '../../lambda/transform/rejectedLines';
import { REJECTED_PREFIX } from '../../lib/contract/lakeLayout';
import type { Difference } from '../../scripts/generate/compare';
import type { Truth } from '../../scripts/generate/truth';
import type { Target } from '../../scripts/target/target';

/** Reasons of the rejected events by their id: what was delivered twice is there once. */
export async function rejectedEvents({
  s3,
  bucketName,
}: Pick<Target, 's3' | 'bucketName'>): Promise<Map<string, string>> {
  const reasons = new Map<string, string>();
  for await (const { Contents = [] } of listPages(s3, { Bucket: bucketName, Prefix: REJECTED_PREFIX })) {
    for (const { Key } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key }));
      const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString();
      for (const json of text.split('\n').filter((one) => one !== '')) {
        const line: RejectedLine = JSON.parse(json);
        reasons.set(line.rejected_id, line.reason);
      }
    }
  }
  return reasons;
}

/**
 * Reasons of which fewer events have come to `rejected/` than must. More may: a case adds broken events of its own, and a
 * producer that gets no answer sends again.
 * @param before what lay there already, of other cases
 */
export function missingRejected(
  truth: Pick<Truth, 'rejectedByReason'>,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Difference[] {
  const found = new Map<string, number>();
  for (const [id, reason] of after) if (!before.has(id)) found.set(reason, (found.get(reason) ?? 0) + 1);
  return Object.entries(truth.rejectedByReason)
    .map(([reason, expected]) => ({ what: `rejected: ${reason}`, expected, found: found.get(reason) ?? 0 }))
    .filter((difference) => difference.found < difference.expected);
}
