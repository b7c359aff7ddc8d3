/** Sends packed entries to a Kinesis stream until each is taken or reported. */
import { isNativeError } from 'node:util/types';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { batchEntries, totalBytes } from './batches';
import { Pacer } from './pacer';
import { putRecords, type Refusal } from './putRecords';
import { noCounts, type PackedEntry, type PackResult, type SendCounts, type Unsent } from './types';

/** How long to try, and what to do with what could not be sent. */
export interface SendOptions {
  /** Told of everything that did not reach the stream, once each: nothing else keeps it. */
  readonly onUnsent: (unsent: Unsent) => void | Promise<void>;
  /** Told after each batch, for progress. */
  readonly onProgress?: (counts: SendCounts) => void;
  /** Requests under way at once. @default 4 */
  readonly maxRequestsInFlight?: number;
  /** Times an entry is offered. @default 20 */
  readonly maxAttempts?: number;
  /** An entry is not offered again when this much time has passed since its first time. @default 120,000 */
  readonly maxMillis?: number;
  /** Backoff after attempt n is random between 0 and base * 2^(n - 1). @default 50 */
  readonly baseBackoffMillis?: number;
  /** Backoff is never longer than this. @default 5,000 */
  readonly maxBackoffMillis?: number;
  /** Time and chance; replaced in tests. @default the system's */
  readonly runtime?: SendRuntime;
}

/** Time and chance. */
export interface SendRuntime {
  /** A clock that never goes back. */
  nowMillis(): number;
  sleep(millis: number): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
}

const SYSTEM_RUNTIME: SendRuntime = {
  nowMillis: () => performance.now(),
  sleep: (millis) => new Promise((resolve) => setTimeout(resolve, millis)),
  random: Math.random,
};

const DEFAULTS = {
  maxRequestsInFlight: 4,
  maxAttempts: 20,
  maxMillis: 120_000,
  baseBackoffMillis: 50,
  maxBackoffMillis: 5_000,
  runtime: SYSTEM_RUNTIME,
} as const;

type Settings = SendOptions & Required<Pick<SendOptions, keyof typeof DEFAULTS>>;

/** Kinesis refused for a reason that no retry mends; the `cause` is the client's error. */
export class SendStoppedError extends Error {
  override readonly name = 'SendStoppedError';
  constructor(
    streamName: string,
    /** What had been done until then. */
    readonly counts: SendCounts,
    cause: unknown,
  ) {
    const reason = isNativeError(cause) ? `${cause.name}: ${cause.message}` : String(cause);
    super(`Sending to the stream "${streamName}" stopped: ${reason}`, { cause });
  }
}

/**
 * Sends entries with a bounded number of requests, in constant memory. Only the entries that Kinesis refused are
 * offered again, after exponential backoff with full jitter; the rate gives way when a shard's limit is reached.
 * What `packEvents` found unsendable may be among the entries and is reported the same way. An entry may be taken
 * twice when an answer is lost on the way: events carry ids for that.
 * @param client made with `clientSettings()`; not closed
 * @returns counts, where eventsIn = eventsSent + eventsUnsent
 * @throws SendStoppedError when no retry can help (no such stream, no permission): what was under way is reported
 *   to `onUnsent`, and `entries` is not read any further. What `entries` itself throws is thrown when all that it
 *   gave before has been settled.
 */
export async function sendEntries(
  client: KinesisClient,
  streamName: string,
  entries: Iterable<PackResult> | AsyncIterable<PackResult>,
  options: SendOptions,
): Promise<SendCounts> {
  return new Sending(client, streamName, { ...DEFAULTS, ...options }).run(entries);
}

class Sending {
  private readonly pacer: Pacer;
  private readonly counts = noCounts();
  private stop: { readonly cause: unknown } | undefined;
  private sourceFailure: { readonly cause: unknown } | undefined;

  constructor(
    private readonly client: KinesisClient,
    private readonly streamName: string,
    private readonly options: Settings,
  ) {
    this.pacer = new Pacer(() => options.runtime.nowMillis());
  }

  async run(entries: Iterable<PackResult> | AsyncIterable<PackResult>): Promise<SendCounts> {
    const batches = batchEntries(this.sendable(entries), () => this.pacer.requestBytes());
    const worker = async () => {
      for (let next = await batches.next(); !next.done; next = await batches.next()) {
        await this.settle(next.value);
        this.options.onProgress?.({ ...this.counts });
      }
    };
    const outcomes = await Promise.allSettled(
      Array.from({ length: this.options.maxRequestsInFlight }, worker),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    if (this.stop !== undefined) throw new SendStoppedError(this.streamName, this.counts, this.stop.cause);
    if (this.sourceFailure !== undefined) throw this.sourceFailure.cause;
    return this.counts;
  }

  /** The entries that can be sent; the others are reported. Ends when sending stops or the source fails. */
  private async *sendable(
    results: Iterable<PackResult> | AsyncIterable<PackResult>,
  ): AsyncGenerator<PackedEntry, void> {
    try {
      for await (const result of results) {
        this.counts.eventsIn += result.kind === 'entry' ? result.eventCount : 1;
        if (result.kind === 'entry') {
          yield result;
        } else {
          this.counts.eventsUnsent += 1;
          await this.options.onUnsent(result);
        }
        if (this.stop !== undefined) return;
      }
    } catch (cause) {
      // Entries read before are still sent; `run` throws afterwards.
      this.sourceFailure = { cause };
    }
  }

  /** Offers a batch until each of its entries is taken or reported. */
  private async settle(batch: readonly PackedEntry[]): Promise<void> {
    const { maxAttempts, maxMillis, runtime } = this.options;
    const startMillis = runtime.nowMillis();
    let remaining = batch;
    for (let attempt = 1; remaining.length > 0; attempt += 1) {
      await runtime.sleep(this.pacer.takeTurn(totalBytes(remaining)));
      const refusals = await this.offer(remaining, attempt);
      const isLast = attempt >= maxAttempts || runtime.nowMillis() - startMillis >= maxMillis;
      if (isLast) {
        await this.report(refusals, attempt);
        return;
      }
      remaining = refusals.map((refusal) => refusal.entry);
      if (remaining.length > 0) await runtime.sleep(this.backoffMillis(attempt));
    }
  }

  private async offer(entries: readonly PackedEntry[], attempt: number): Promise<Refusal[]> {
    if (this.stop !== undefined) return this.giveUp(entries, attempt - 1, this.stop.cause);
    this.counts.requests += 1;
    let refusals: Refusal[];
    try {
      refusals = await putRecords(this.client, this.streamName, entries);
    } catch (cause) {
      this.stop ??= { cause };
      return this.giveUp(entries, attempt, cause);
    }
    const throttled = refusals.filter((refusal) => refusal.isThrottled).length;
    this.counts.throttledEntries += throttled;
    if (throttled > 0) this.pacer.onRefused();
    else this.pacer.onAccepted();
    const refused = new Set(refusals.map((refusal) => refusal.entry));
    for (const entry of entries) {
      if (refused.has(entry)) continue;
      this.counts.entriesSent += 1;
      this.counts.eventsSent += entry.eventCount;
      this.counts.bytesSent += entry.data.length;
      this.counts.expandedBytesSent += entry.expandedBytes;
    }
    return refusals;
  }

  /** Reports entries that are not offered again because sending has stopped. */
  private async giveUp(
    entries: readonly PackedEntry[],
    attempts: number,
    cause: unknown,
  ): Promise<Refusal[]> {
    const { name, message } = isNativeError(cause) ? cause : new Error(String(cause));
    const refusals = entries.map((entry) => ({
      entry,
      errorCode: name,
      errorMessage: message,
      isThrottled: false,
    }));
    await this.report(refusals, attempts);
    return [];
  }

  private async report(refusals: readonly Refusal[], attempts: number): Promise<void> {
    for (const { entry, errorCode, errorMessage } of refusals) {
      this.counts.eventsUnsent += entry.eventCount;
      await this.options.onUnsent({ kind: 'failed', entry, errorCode, errorMessage, attempts });
    }
  }

  /** Full jitter: anything from none to the ceiling, so that many senders do not come back together. */
  private backoffMillis(attempt: number): number {
    const { baseBackoffMillis, maxBackoffMillis, runtime } = this.options;
    return runtime.random() * Math.min(maxBackoffMillis, baseBackoffMillis * 2 ** (attempt - 1));
  }
}
