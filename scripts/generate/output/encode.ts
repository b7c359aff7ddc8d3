/** Writes lines into bytes. */
import type { Delivery } from '../simulation/outbox';

const LINE_FEED = 0x0a;

/**
 * NDJSON of deliveries, every line ended by a line feed. Lines are written one by one: joined first, the few that are
 * not ASCII would make all of them slow to write.
 * @throws TypeError when there is a broken record among them, which lines cannot hold
 */
export function encodeLines(deliveries: readonly Delivery[]): Buffer {
  const lines = deliveries.map(lineOf);
  const bytes = Buffer.allocUnsafeSlow(lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0));
  let at = 0;
  for (const line of lines) {
    at += bytes.write(line, at);
    bytes[at++] = LINE_FEED;
  }
  return bytes;
}

function lineOf(delivery: Delivery): string {
  if (typeof delivery === 'string') return delivery;
  throw new TypeError(
    `A record broken as ${delivery.reason} cannot be written as a line: only a stream has records`,
  );
}
