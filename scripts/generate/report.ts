/** Puts what was generated into words. */
import { count } from '../../lib/contract/words';
import type { Generated } from './generate';
import type { Truth } from './truth';

/** A generation, and what it took. */
export interface Summary extends Generated {
  /** Where the events went: a file, a stream, or nowhere. */
  readonly destination: string;
  /** Where the truth went; undefined when it was written nowhere. */
  readonly truthFile: string | undefined;
  readonly seconds: number;
}

/** Truth without its longest part, for the screen. */
export type TruthTotals = Omit<Truth, 'bySiteAndHour'> & { readonly sites: number };

/** The truth's totals. */
export function totalsOf({ bySiteAndHour, ...totals }: Truth): TruthTotals {
  return { ...totals, sites: Object.keys(bySiteAndHour).length };
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** Some lines of text. */
export function reportLines(summary: Summary): string[] {
  const { destination, truth, truthFile, seconds, fileBytes, sent } = summary;
  const rate = `${seconds.toFixed(1)} s, ${count(Math.round(truth.events / seconds))} events/s`;
  const size = fileBytes === undefined ? '' : `${megabytes(fileBytes)}, `;
  const lines = [`${destination}: ${count(truth.events)} events, ${size}${rate}`, ...truthLines(truth)];
  if (sent !== undefined) {
    lines.push(
      `sent ${count(sent.eventsSent)} events in ${count(sent.records)} records, ${megabytes(sent.bytes)}`,
    );
    if (sent.throttledRecords > 0) {
      lines.push(
        `${count(sent.throttledRecords)} times a shard was at its limit and a record was offered again`,
      );
    }
    if (sent.eventsUnsent > 0) {
      lines.push(
        `NOT sent: ${count(sent.eventsUnsent)} events (${sent.firstProblem}). The truth will hold once the same ` +
          'command has sent all of them; those sent before add nothing twice.',
      );
    }
  }
  if (truthFile !== undefined) lines.push(`truth: ${truthFile}`);
  return lines;
}

function truthLines(truth: Truth): string[] {
  const { valid, duplicates, rejected, visitors, users, sessions, bots, funnel, bySiteAndHour } = truth;
  const revenue = Object.entries(truth.revenue).map(
    ([currency, { cents }]) => `${count(cents / 100)} ${currency}`,
  );
  const reasons = Object.entries(truth.rejectedByReason).map(
    ([reason, events]) => `${reason} ${count(events)}`,
  );
  return [
    `  ${count(valid)} valid + ${count(duplicates)} duplicates + ${count(rejected)} to be rejected`,
    ...(reasons.length === 0 ? [] : [`  rejected: ${reasons.join(', ')}`]),
    `  ${count(Object.keys(bySiteAndHour).length)} sites, ${count(visitors)} visitors, ${count(users)} users, ` +
      `${count(sessions)} sessions, ${count(bots)} events of bots`,
    `  sessions with a product view ${count(funnel.productViews)}, with something in the cart ` +
      `${count(funnel.addsToCart)}, with a purchase ${count(funnel.purchases)}`,
    ...(revenue.length === 0 ? [] : [`  revenue: ${revenue.join(', ')}`]),
  ];
}
