/** What lies in `rejected/` after a case: events that must be rejected may not be lost on the way there either. */
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { listPages } from '../../lambda/shared/listing';
import type { RejectedLine } from '../../lambda/transform/rejectedLines';
import { REJECTED_PREFIX } from '../../lib/contract/lakeLayout';
import { formatTimestamp } from '../../lib/event/timestamps';
import type { Difference } from '../../scripts/generate/compare';
import type { Truth } from '../../scripts/generate/truth';
import type { Target } from '../../scripts/target/target';

/** Rejected events that arrived since a time, by reason; what was delivered twice counts once. */
export async function rejectedSince(
  { s3, bucketName }: Pick<Target, 's3' | 'bucketName'>,
  sinceMillis: number,
): Promise<Map<string, number>> {
  const since = formatTimestamp(sinceMillis);
  const reasons = new Map<string, string>();
  for await (const { Contents = [] } of listPages(s3, { Bucket: bucketName, Prefix: REJECTED_PREFIX })) {
    for (const { Key } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key }));
      const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString();
      for (const json of text.split('\n').filter((one) => one !== '')) {
        const line: RejectedLine = JSON.parse(json);
        if (line.arrived_at >= since) reasons.set(line.rejected_id, line.reason);
      }
    }
  }
  const counts = new Map<string, number>();
  for (const reason of reasons.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}

/**
 * Reasons of which fewer events lie in `rejected/` than must be. More may: a case adds broken events of its own, and a
 * producer that gets no answer sends again.
 */
export function missingRejected(
  truth: Pick<Truth, 'rejectedByReason'>,
  found: ReadonlyMap<string, number>,
): Difference[] {
  return Object.entries(truth.rejectedByReason)
    .map(([reason, expected]) => ({ what: `rejected: ${reason}`, expected, found: found.get(reason) ?? 0 }))
    .filter((difference) => difference.found < difference.expected);
}
