/** Rejected events on their way to `rejected/`, seen where Firehose takes them: several lines to a record. */
import type { RejectedLine } from '../../lambda/transform/rejectedLines';
import type { SourceRecord } from '../firehose/records';
import type { PipelineObserver } from './observer';

const LINE_FEED = 0x0a;

export class RejectedEvents {
  /** Events taken; one whose original is long has several lines and counts once. */
  taken = 0;

  constructor(private readonly observer: Pick<PipelineObserver, 'onRejected'> | undefined) {}

  /** Counts the events of records, and shows their lines to the observer. */
  take(records: readonly Pick<SourceRecord, 'data'>[]): void {
    for (const { data } of records) {
      for (const line of lines(data)) {
        const { part }: Pick<RejectedLine, 'part'> = JSON.parse(line.toString());
        if (part === 1) this.taken++;
        this.observer?.onRejected(line);
      }
    }
  }
}

function* lines(data: Buffer): Generator<Buffer> {
  for (let start = 0; start < data.length; ) {
    const feed = data.indexOf(LINE_FEED, start);
    const end = feed === -1 ? data.length : feed;
    yield data.subarray(start, end);
    start = end + 1;
  }
}
