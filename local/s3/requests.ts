/** An S3 request, taken apart, and the answer an operation gives. */
import type { IncomingMessage } from 'node:http';
import { AwsError } from '../http/awsError';
import { invalidArgument } from './errors';

export interface S3Request {
  readonly method: string;
  /** Empty for operations on the account. */
  readonly bucket: string;
  /** Empty for operations on a bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  /** Headers, and the body as a stream. */
  readonly http: IncomingMessage;
}

export interface S3Answer {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** XML text, or part of an open file, which is closed when it has been sent. */
  readonly body?: string | { readonly descriptor: number; readonly start: number; readonly bytes: number };
}

export type S3Operation = (request: S3Request) => S3Answer | Promise<S3Answer>;

/**
 * Takes a path-style request apart: `/bucket/key`.
 * @throws AwsError InvalidURI
 */
export function parseRequest(http: IncomingMessage): S3Request {
  const target = http.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1));
  try {
    const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
    return {
      method: http.method ?? '',
      bucket: decodeURIComponent(bucket),
      key: decodeURIComponent(key),
      query,
      http,
    };
  } catch {
    throw new AwsError('InvalidURI', `Couldn't parse the specified URI: ${path}`);
  }
}

/**
 * An integer of the query between the bounds, or undefined when absent.
 * @throws AwsError InvalidArgument
 */
export function queryInteger(
  query: URLSearchParams,
  name: string,
  minimum: number,
  maximum: number,
): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < minimum || value > maximum) {
    throw invalidArgument(name, text, `must be an integer between ${minimum} and ${maximum}`);
  }
  return value;
}
