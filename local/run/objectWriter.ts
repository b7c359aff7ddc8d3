/** Writes delivered objects to S3 through its API, and keeps trying for a while when S3 is down. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { localClientSettings } from '../endpoints';
import type { PutObject } from '../firehose/objectBuffer';

const RETRY_PAUSE_MILLIS = 500;

/** An S3 client that writes for Firehose. */
export class ObjectWriter {
  private readonly client: S3Client;

  /** @param giveUpAfterMillis Firehose tries for 24 hours; nobody waits that long for a laptop */
  constructor(
    url: string,
    region: string,
    private readonly giveUpAfterMillis: number,
  ) {
    this.client = new S3Client({ ...localClientSettings(url, region), forcePathStyle: true });
  }

  /** Writes an object; see `PutObject`. */
  readonly put: PutObject = async (bucket, key, body) => {
    const bytes = typeof body === 'string' ? await readFile(body) : body;
    const deadline = Date.now() + this.giveUpAfterMillis;
    for (;;) {
      try {
        await this.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(RETRY_PAUSE_MILLIS);
      }
    }
  };

  close(): void {
    this.client.destroy();
  }
}
