/** Sends to the local stream as a producer would. */
import path from 'node:path';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { loadEnvironment } from '../../lib/config';
import { type SendFilesOptions, type SendSummary, sendFiles } from '../../scripts/send/sendFiles';
import { localVisitorKey } from '../../scripts/send/visitorKey';
import { type LocalEndpoints, localClientSettings } from '../endpoints';

/** What to send: see `sendFiles`. */
export type SendOptions = Pick<SendFilesOptions, 'inputs'> &
  Partial<Pick<SendFilesOptions, 'format' | 'source' | 'siteId' | 'siteUrl' | 'onProgress'>>;

/** Where producers run. */
export interface ProducerSettings {
  /** Environment whose packing producers use. */
  readonly environment: string;
  /** Where state is kept. */
  readonly directory: string;
  readonly endpoints: LocalEndpoints;
  readonly region: string;
}

/** Sends files, or lines, and accounts for each of them. */
export async function sendToLocalStream(
  what: SendOptions,
  { environment, directory, endpoints, region }: ProducerSettings,
): Promise<SendSummary> {
  const client = new KinesisClient(localClientSettings(endpoints.kinesis, region));
  const sideDirectory = path.join(directory, 'send');
  try {
    return await sendFiles({
      ...what,
      stream: { client, name: endpoints.streamName },
      packing: loadEnvironment(environment).packing,
      visitorKey: localVisitorKey(directory),
      sideDirectory,
      unsentFile: path.join(sideDirectory, `unsent-${process.pid}.ndjson`),
    });
  } finally {
    client.destroy();
  }
}
