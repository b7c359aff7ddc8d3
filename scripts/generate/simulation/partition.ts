/** A part of the population, simulated by itself: the same events whatever process does it. */
import { HOUR_MILLIS, MINUTE_MILLIS, SECOND_MILLIS } from '../../../lib/contract/units';
import { Random } from '../chance/random';
import type { Tally } from '../tally';
import { activity } from './calendar';
import { offlineUntil } from './delivery';
import { Emitter, type Visit } from './emitter';
import { type Delivery, Outbox } from './outbox';
import { Steps } from './steps';
import { address, makeVisitor, personOf, type Visitor } from './visitors';
import type { World } from './world';

/** Tells the sequence of a partition from those that make sites and visitors. */
const PARTITION_STREAM = 0x9a27;

const EVENTS_PER_VISITOR = 14;
/** How unevenly visits are spread over visitors: 1 would be evenly. */
const LOYALTY = 1.3;
/** Visitors looked at for one who is awake and not on a visit, before a new one comes. */
const ATTEMPTS = 24;
/** Least time between two visits of a visitor: well over the 30 minutes that end a session. */
const LEAST_ABSENCE = 35 * MINUTE_MILLIS;

/** Time between two steps of a visit: at least, what is added on average, and at most. */
const LEAST_GAP = 1 * SECOND_MILLIS;
const MEAN_GAP = 25 * SECOND_MILLIS;
const MOST_GAP = 10 * MINUTE_MILLIS;
const PAUSE_CHANCE = 0.02;
/** Well under the 30 minutes that end a session. */
const PAUSE = { least: 3 * MINUTE_MILLIS, most: 20 * MINUTE_MILLIS } as const;
const MOST_VISIT = 6 * HOUR_MILLIS;
const LOGIN_CHANCE = 0.6;

const CRAWL_CHANCE = 0.05;
const MEAN_CRAWL = 9;
const CRAWL_GAP = { least: 200, most: 8 * SECOND_MILLIS } as const;

export class Partition {
  private readonly random: Random;
  private readonly outbox: Outbox;
  private readonly steps: Steps;
  private readonly emitter: Emitter;
  private visitorCount: number;
  /** By visitor: when the next visit may begin. */
  private readonly freeFrom: number[] = [];
  /** By visitor: visits so far. */
  private readonly visitCounts: number[] = [];
  private readonly seenUsers = new Set<number>();

  /**
   * @param events how many to simulate
   * @param tally counts what is simulated
   */
  constructor(
    private readonly world: World,
    readonly number: number,
    private readonly events: number,
    private readonly tally: Tally,
  ) {
    this.random = new Random(world.settings.seed, PARTITION_STREAM, number);
    this.outbox = new Outbox(world.calendar);
    this.steps = new Steps(world.tables);
    this.emitter = new Emitter(world, this.random, tally, this.outbox, events);
    this.visitorCount = Math.ceil(events / EVENTS_PER_VISITOR);
  }

  /**
   * Simulates the visits that begin in a slice.
   * @param slice asked for in order, each once; the one after the calendar's last has what is left over
   * @returns what is handed over in the slice, from these visits and earlier ones
   */
  slice(slice: number): Delivery[] {
    const { calendar } = this.world;
    const due = calendar.dueBy(slice, this.events);
    while (this.emitter.made < due) {
      const startMillis = calendar.sliceStart(slice) + this.random.below(calendar.sliceMillis);
      if (this.random.chance(CRAWL_CHANCE)) this.crawl(startMillis);
      else this.visit(startMillis);
    }
    return this.outbox.take(slice);
  }

  private visit(startMillis: number): void {
    const { random, world, tally } = this;
    const [number, visitor] = this.pickVisitor(startMillis);
    const arrival = world.tables.arrivals.pick(random);
    const logsIn = visitor.userId !== undefined && random.chance(LOGIN_CHANCE);
    const visitCount = (this.visitCounts[number] ?? 0) + 1;
    const visit: Visit = {
      visitor,
      // Joined, because a text that was put together otherwise is put together anew for each event.
      members: [visitor.members, `"session_id":"${random.uuid()}"`, `"session_number":${visitCount}`].join(),
      onlineMillis: visitor.clock === 'wrong' ? undefined : offlineUntil(random, startMillis),
    };
    const user = logsIn ? `,"user_id":"${visitor.userId}"` : '';
    const reached = new Set<string>();
    let millis = startMillis;
    let referrer = visitor.site.kind === 'app' ? undefined : arrival.referrer;
    for (const [index, step] of this.steps.visit(random, visitor.site, arrival, logsIn).entries()) {
      if (index > 0) millis += this.gapMillis();
      if (millis - startMillis > MOST_VISIT) break;
      const from = step.isPage && referrer !== undefined ? `,"referrer_url":"${referrer}"` : '';
      if (!this.emitter.step(visit, step, millis, index > 0 ? user + from : from)) break;
      if (step.isPage) referrer = step.url;
      if (step.cents !== undefined) tally.purchase(visitor.site.currency, step.cents);
      if (step.funnel !== undefined) reached.add(step.funnel);
      if (index === 0) this.countVisit(number);
      if (index === 1 && logsIn) this.countUser(visitor);
    }
    if (reached.has('product_view')) tally.numbers.productViews++;
    if (reached.has('add_to_cart')) tally.numbers.addsToCart++;
    if (reached.has('purchase')) tally.numbers.purchases++;
    this.freeFrom[number] = millis + LEAST_ABSENCE;
  }

  /** A visitor who is not on a visit, sooner one for whom it is day. */
  private pickVisitor(millis: number): readonly [number: number, visitor: Visitor] {
    const { random, world } = this;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const number = Math.floor(this.visitorCount * random.next() ** LOYALTY);
      if ((this.freeFrom[number] ?? 0) > millis) continue;
      const person = personOf(world, this.number, number);
      if (!random.chance(activity(person.network.place, millis))) continue;
      return [number, makeVisitor(world, this.number, number, person)];
    }
    const number = this.visitorCount++;
    const person = personOf(world, this.number, number);
    return [number, makeVisitor(world, this.number, number, person)];
  }

  private countVisit(number: number): void {
    const visitCount = (this.visitCounts[number] ?? 0) + 1;
    this.visitCounts[number] = visitCount;
    this.tally.numbers.sessions++;
    if (visitCount === 1) this.tally.numbers.visitors++;
  }

  private countUser({ userNumber }: Visitor): void {
    if (this.seenUsers.has(userNumber)) return;
    this.seenUsers.add(userNumber);
    this.tally.numbers.users++;
  }

  private gapMillis(): number {
    const { random } = this;
    if (random.chance(PAUSE_CHANCE)) return random.between(PAUSE.least, PAUSE.most);
    return Math.min(MOST_GAP, LEAST_GAP + Math.floor(random.exponential(MEAN_GAP)));
  }

  private crawl(startMillis: number): void {
    const { random, world } = this;
    const site = world.sites.pick(random);
    const agent = world.tables.bots.pick(random);
    const ip = address(world.tables.networks.pick(random), random);
    const crawl = { site, members: `"user_agent":"${agent}","ip":"${ip}"` };
    const requests = 1 + Math.floor(random.exponential(MEAN_CRAWL));
    let millis = startMillis;
    for (let count = 0; count < requests; count++) {
      if (!this.emitter.request(crawl, this.steps.crawled(random, site), millis)) return;
      millis += random.between(CRAWL_GAP.least, CRAWL_GAP.most);
    }
  }
}
