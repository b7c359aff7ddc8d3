/** The manifest that tells COPY exactly which objects to load. Pure. */
import { MANIFESTS_PREFIX } from '../../lib/contract/lakeLayout';
import type { LakeObject } from './lakeObject';

/** Key of a batch's manifest, by day of submission in UTC. */
export function manifestKey(batchId: string, startedAtMillis: number): string {
  const [year, month, day] = new Date(startedAtMillis).toISOString().slice(0, 10).split('-');
  return `${MANIFESTS_PREFIX}${year}/${month}/${day}/${batchId}.manifest`;
}

/**
 * Text of a manifest. `mandatory`, because a missing object would otherwise be passed over in silence;
 * `content_length`, because COPY asks for it with Parquet, to the byte.
 */
export function manifestText(bucketName: string, objects: readonly LakeObject[]): string {
  const entries = objects.map(({ key, bytes }) => ({
    url: `s3://${bucketName}/${key}`,
    mandatory: true,
    meta: { content_length: bytes },
  }));
  return JSON.stringify({ entries });
}
