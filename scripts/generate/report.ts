/** Puts what was generated into words. */
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

const number = (value: number) => value.toLocaleString('en-US');
const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

/** Some lines of text. */
export function reportLines(summary: Summary): string[] {
  const { destination, truth, truthFile, seconds, fileBytes, sent } = summary;
  const rate = `${seconds.toFixed(1)} s, ${number(Math.round(truth.events / seconds))} events/s`;
  const size = fileBytes === undefined ? '' : `${megabytes(fileBytes)}, `;
  const lines = [`${destination}: ${number(truth.events)} events, ${size}${rate}`, ...truthLines(truth)];
  if (sent !== undefined) {
    lines.push(
      `sent ${number(sent.eventsSent)} events in ${number(sent.records)} records, ${megabytes(sent.bytes)}`,
    );
    if (sent.throttledRecords > 0) {
      lines.push(
        `${number(sent.throttledRecords)} times a shard was at its limit and a record was offered again`,
      );
    }
    if (sent.eventsUnsent > 0) {
      lines.push(
        `NOT sent: ${number(sent.eventsUnsent)} events (${sent.firstProblem}). The truth will hold once the same ` +
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
    ([currency, { cents }]) => `${number(cents / 100)} ${currency}`,
  );
  const reasons = Object.entries(truth.rejectedByReason).map(
    ([reason, count]) => `${reason} ${number(count)}`,
  );
  return [
    `  ${number(valid)} valid + ${number(duplicates)} duplicates + ${number(rejected)} to be rejected`,
    ...(reasons.length === 0 ? [] : [`  rejected: ${reasons.join(', ')}`]),
    `  ${number(Object.keys(bySiteAndHour).length)} sites, ${number(visitors)} visitors, ${number(users)} users, ` +
      `${number(sessions)} sessions, ${number(bots)} events of bots`,
    `  sessions with a product view ${number(funnel.productViews)}, with something in the cart ` +
      `${number(funnel.addsToCart)}, with a purchase ${number(funnel.purchases)}`,
    ...(revenue.length === 0 ? [] : [`  revenue: ${revenue.join(', ')}`]),
  ];
}
