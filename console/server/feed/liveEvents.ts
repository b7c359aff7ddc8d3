/** The latest events that passed the transform of a local run, with what became of them. */
import { z } from 'zod';
import type { PipelineObserver } from '../../../local/run/observer';
import type { LiveEvent } from '../../wire';

/** Events that are kept for pages that open later. */
const KEPT = 100;
/** Rows taken of one answer of the transform: a sample, because nobody reads thousands a second. */
const ROWS_PER_ANSWER = 6;
/** Rejected events are rarer and matter more. */
const REJECTED_PER_SECOND = 20;
/** Longest piece of an original that is shown. */
const EXCERPT_CHARACTERS = 160;

const transformAnswer = z.object({
  records: z.array(z.object({ result: z.string(), data: z.string().optional() })),
});
const eventRow = z.looseObject({
  event_name: z.string(),
  site_id: z.string(),
  page_path: z.string().optional(),
  is_bot: z.boolean(),
});
const rejectedLine = z.looseObject({ reason: z.string(), detail: z.string(), original: z.string() });

/** Watches a local run; hand it to the pipeline as its observer. */
export class LiveEvents implements PipelineObserver {
  private readonly kept: LiveEvent[] = [];
  private number = 0;
  private second = 0;
  private rejectedInSecond = 0;

  constructor(private readonly nowMillis: () => number = Date.now) {}

  /** The kept events after a number, oldest first. */
  after(number: number): readonly LiveEvent[] {
    return this.kept.filter((event) => event.number > number);
  }

  onTransformed(answer: unknown): void {
    const parsed = transformAnswer.safeParse(answer);
    if (!parsed.success) return;
    const last = parsed.data.records.findLast(({ result, data }) => result === 'Ok' && data !== undefined);
    const lines = lastLines(Buffer.from(last?.data ?? '', 'base64'), ROWS_PER_ANSWER);
    for (const line of lines) {
      const row = eventRow.safeParse(parseJson(line));
      if (!row.success) continue;
      const { event_name, site_id, page_path = '', is_bot } = row.data;
      this.keep({
        fate: 'row',
        name: event_name,
        site: site_id,
        what: page_path,
        note: is_bot ? 'bot' : '',
      });
    }
  }

  onRejected(line: Buffer): void {
    const second = Math.floor(this.nowMillis() / 1_000);
    if (second !== this.second) this.rejectedInSecond = 0;
    this.second = second;
    if (++this.rejectedInSecond > REJECTED_PER_SECOND) return;
    const parsed = rejectedLine.safeParse(parseJson(line.toString()));
    if (!parsed.success) return;
    const { reason, detail, original } = parsed.data;
    const sent = z.looseObject({ event_name: z.string().optional(), site_id: z.string().optional() });
    const event = sent.safeParse(parseJson(original));
    this.keep({
      fate: 'rejected',
      name: (event.success && event.data.event_name) || '',
      site: (event.success && event.data.site_id) || '',
      what: original.slice(0, EXCERPT_CHARACTERS),
      note: detail === '' ? reason : `${reason}: ${detail}`,
    });
  }

  private keep(event: Omit<LiveEvent, 'number' | 'atMillis'>): void {
    this.kept.push({ ...event, number: ++this.number, atMillis: this.nowMillis() });
    if (this.kept.length > KEPT) this.kept.shift();
  }
}

/** The last lines of a text, without decoding what stands before them. */
function lastLines(text: Buffer, count: number): string[] {
  let from = text.length;
  for (let lines = 0; lines <= count && from > 0; lines++) from = text.lastIndexOf(0x0a, from - 1);
  return text
    .subarray(Math.max(0, from))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .slice(-count);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What came is no JSON: that is why it was rejected.
    return undefined;
  }
}
