/** The stream to send to, as it can be told to another process. */
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { clientSettings } from '../../../lambda/shared/clients';
import { type LocalEndpoints, localClientSettings } from '../../../local/endpoints';

/** A stream on AWS, or of the local run. */
export interface StreamTarget {
  readonly name: string;
  /** AWS region. @default as the AWS SDK finds it */
  readonly region?: string;
  /** URL of the local run's Kinesis. @default AWS */
  readonly localEndpoint?: string;
}

/** The stream of the local run. */
export function localStream({ kinesis, streamName }: LocalEndpoints): StreamTarget {
  return { name: streamName, region: 'us-east-1', localEndpoint: kinesis };
}

/** A client for the stream. */
export function streamClient({ region, localEndpoint }: StreamTarget): KinesisClient {
  if (localEndpoint !== undefined) return new KinesisClient(localClientSettings(localEndpoint, region));
  return new KinesisClient({ ...clientSettings(), ...(region === undefined ? {} : { region }) });
}
