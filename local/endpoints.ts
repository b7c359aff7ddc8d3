/** Where the local run can be reached: written by `npm start -- --keep`, read by `send --local` and `query`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { clientSettings } from '../lambda/shared/clients';
import type { PipelineNames } from '../lib/contract/pipelineNames';

/** Everything the local run leaves on disk, relative to the project's root. */
export const LOCAL_DIRECTORY = path.resolve(__dirname, '..', '.local');

/** What runs on loopback, and the names of its parts. */
export interface LocalEndpoints extends PipelineNames {
  /** Process that serves them. */
  readonly pid: number;
  /** How many times faster than on AWS times pass. */
  readonly speedUp: number;
  /** Base URLs on loopback, such as http://127.0.0.1:4567. */
  readonly kinesis: string;
  readonly firehose: string;
  readonly s3: string;
  readonly sqs: string;
  readonly redshiftData: string;
  readonly glue: string;
}

/** Credentials that no account has: the loopback servers want a signature and do not verify it. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/**
 * Settings of an AWS client that talks to the local run.
 * @param endpoint base URL of the service on loopback
 */
export function localClientSettings(endpoint: string, region = 'us-east-1') {
  return { ...clientSettings(), endpoint, region, credentials: LOCAL_CREDENTIALS };
}

/** File that holds the endpoints while a local run is up. */
export function endpointsFile(directory: string = LOCAL_DIRECTORY): string {
  return path.join(directory, 'endpoints.json');
}

/** The endpoints of the local run that is up, or undefined when none is. */
export function readEndpoints(directory: string = LOCAL_DIRECTORY): LocalEndpoints | undefined {
  try {
    const endpoints: LocalEndpoints = JSON.parse(readFileSync(endpointsFile(directory), 'utf8'));
    process.kill(endpoints.pid, 0);
    return endpoints;
  } catch {
    // No file, or the process that wrote it is gone: nothing is up.
    return undefined;
  }
}
