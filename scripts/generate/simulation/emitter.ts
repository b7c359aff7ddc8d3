/** Writes what happens as events, and counts what a pipeline must find in them. */
import type { Random } from '../chance/random';
import type { Tally } from '../tally';
import type { Site } from '../world/sites';
import { brokenLine, isRecordReason } from './broken';
import { handOverMillis, resend, waitMillis } from './delivery';
import type { BrokenRecord, Outbox } from './outbox';
import type { Step } from './steps';
import { isoTime } from './times';
import type { Visitor } from './visitors';
import type { World } from './world';

const BOT_LATENCY = { least: 10, most: 120 } as const;
/** Broken records have a few forms each; this many numbers tell them apart. */
const VARIANTS = 1_000;

/** A visit that is under way. */
export interface Visit {
  readonly visitor: Visitor;
  /** JSON members of all its events. */
  readonly members: string;
  /** When the device is back, if it lost its connection. */
  readonly onlineMillis: number | undefined;
}

/** A crawler at work. */
export interface Crawl {
  readonly site: Site;
  /** JSON members of all its requests. */
  readonly members: string;
}

/** When an event is received, and when it is handed over to the stream. */
interface Receipt {
  readonly receivedMillis: number;
  readonly handedMillis: number;
}

export class Emitter {
  /** Events written: valid ones, copies and broken ones. */
  made = 0;
  /** Before each valid event, and again after each broken one. */
  private readonly brokenChance: number;
  private readonly duplicateChance: number;

  /** @param most how many events to write */
  constructor(
    private readonly world: World,
    private readonly random: Random,
    private readonly tally: Tally,
    private readonly outbox: Outbox,
    private readonly most: number,
  ) {
    const broken = world.settings.brokenPercent / 100;
    this.duplicateChance = world.settings.duplicatePercent / 100;
    // The share is one of all events, and copies are written without asking for broken ones.
    this.brokenChance = (broken * (1 + this.duplicateChance)) / (1 + broken * this.duplicateChance);
  }

  /**
   * Writes a step of a visit.
   * @param more JSON members, each with a comma before it
   * @returns false when there is no room for it any more
   */
  step({ visitor, members, onlineMillis }: Visit, step: Step, trueMillis: number, more: string): boolean {
    const { random, tally } = this;
    const { site, latencyMillis } = visitor;
    const sentMillis = trueMillis + waitMillis(random, trueMillis, onlineMillis);
    const receipt = this.receipt(sentMillis + latencyMillis);
    const before = this.writeBroken(site, receipt);
    if (this.isFull) return false;
    const head =
      `{"event_id":"${random.uuid()}","event_name":"${step.name}",${site.members},` +
      `"occurred_at":${deviceTime(visitor, trueMillis)},`;
    const tail = `${members}${more},"page_url":"${step.url}","page_title":"${step.title}"${step.members}}`;
    const line = head + deliveryMembers(visitor, sentMillis) + tail;
    this.write(receipt, line, before);
    tally.valid(site.index, step.name, this.eventMillis(visitor, trueMillis, receipt));
    if (!this.isFull && random.chance(this.duplicateChance)) {
      // A wrong clock makes the time of receipt the time of the event, which must be the same in a copy.
      const { by, afterMillis } = resend(random, visitor.clock !== 'wrong');
      const copyMembers = deliveryMembers(visitor, sentMillis + afterMillis);
      this.outbox.put(receipt.handedMillis + afterMillis, by === 'device' ? head + copyMembers + tail : line);
      this.made++;
      tally.numbers.duplicates++;
    }
    return true;
  }

  /** Writes a crawler's request, which has no id of its own. False when there is no room for it any more. */
  request({ site, members }: Crawl, { name, url, title }: Step, millis: number): boolean {
    const { random, tally } = this;
    const receipt = this.receipt(millis + random.between(BOT_LATENCY.least, BOT_LATENCY.most));
    const before = this.writeBroken(site, receipt);
    if (this.isFull) return false;
    const line =
      `{"event_name":"${name}",${site.members},"occurred_at":"${isoTime(millis)}",` +
      `"received_at":"${isoTime(receipt.receivedMillis)}",${members},"page_url":"${url}",` +
      `"page_title":"${title}","request_id":"${random.uuid()}"}`;
    this.write(receipt, line, before);
    tally.valid(site.index, name, millis);
    tally.numbers.device++;
    tally.numbers.bots++;
    return true;
  }

  private get isFull(): boolean {
    return this.made >= this.most;
  }

  private receipt(receivedMillis: number): Receipt {
    return { receivedMillis, handedMillis: receivedMillis + handOverMillis(this.random) };
  }

  /** The time to analyse by, as docs/events.md defines it, from what is true. */
  private eventMillis(visitor: Visitor, trueMillis: number, { receivedMillis }: Receipt): number {
    const { numbers } = this.tally;
    switch (visitor.clock) {
      case 'right':
        numbers.device++;
        return trueMillis + visitor.skewMillis;
      case 'off':
        // How long the device waited is known, what the event took to get here is not.
        numbers.corrected++;
        return trueMillis + visitor.latencyMillis;
      case 'wrong':
        numbers.suspect++;
        return receivedMillis;
    }
  }

  /** Writes the next event, in the record of a broken one if there is one. */
  private write({ handedMillis }: Receipt, line: string, before: BrokenRecord | undefined): void {
    this.outbox.put(handedMillis, before === undefined ? line : { ...before, companion: line });
    this.made++;
  }

  /**
   * Writes none, one or more broken events.
   * @returns one that is still to be written, in one record with the next valid event
   */
  private writeBroken(site: Site, { receivedMillis, handedMillis }: Receipt): BrokenRecord | undefined {
    const { random, tally, world } = this;
    while (!this.isFull && random.chance(this.brokenChance)) {
      const reason = world.broken.pick(random);
      this.made++;
      tally.rejected(reason);
      if (!isRecordReason(reason)) {
        this.outbox.put(handedMillis, brokenLine(random, reason, site.members, isoTime(receivedMillis)));
        continue;
      }
      const record = { reason, variant: random.below(VARIANTS), companion: undefined };
      if (reason === 'not_utf8' && !this.isFull) return record;
      this.outbox.put(handedMillis, record);
    }
    return undefined;
  }
}

/** The members that differ between an event and a copy its device sends later. */
function deliveryMembers(visitor: Visitor, sentMillis: number): string {
  const receivedAt = isoTime(sentMillis + visitor.latencyMillis);
  return `"sent_at":${deviceTime(visitor, sentMillis)},"received_at":"${receivedAt}",`;
}

/** A time by the device's clock. Apps write epoch milliseconds, browsers ISO 8601. */
function deviceTime({ site, skewMillis }: Visitor, trueMillis: number): string {
  const millis = trueMillis + skewMillis;
  return site.kind === 'app' ? String(millis) : `"${isoTime(millis)}"`;
}
