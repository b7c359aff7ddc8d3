/** The visitors of a partition: what each is like follows from its number, and is not remembered. */
import { DAY_MILLIS, MINUTE_MILLIS } from '../../../lib/contract/units';
import { Random } from '../chance/random';
import { APP_DEVICES } from '../tables/agents';
import type { Agent, Network } from '../tables/types';
import type { Site } from '../world/sites';
import type { World } from './world';

/**
 * A device's clock.
 * - `right`: within a third of a second.
 * - `off`: by minutes or hours; what the device says can be corrected.
 * - `wrong`: by years; what it says cannot be believed.
 */
export type ClockKind = 'right' | 'off' | 'wrong';

/** A browser or a device with an app, on one site: no identifier is shared between sites. */
export interface Visitor {
  readonly site: Site;
  readonly clock: ClockKind;
  /** Device clock minus true time. */
  readonly skewMillis: number;
  /** From device to collector; always the same for a visitor. */
  readonly latencyMillis: number;
  /** Logs in when visiting, some of the time. */
  readonly userId: string | undefined;
  /** Number of the visitor who owns the account: a second device shares its owner's. */
  readonly userNumber: number;
  /** JSON members of all its events. */
  readonly members: string;
}

const RIGHT_CLOCK_MILLIS = 300;
const OFF_CLOCK = { least: 2 * MINUTE_MILLIS, most: 10 * 60 * MINUTE_MILLIS } as const;
/** More than any pipeline would correct. */
const WRONG_CLOCK = { least: 400 * DAY_MILLIS, most: 8 * 365 * DAY_MILLIS } as const;
const OFF_CHANCE = 0.09;
const WRONG_CHANCE = 0.02;
const LATENCY = { least: 15, most: 250 } as const;

const ACCOUNT_CHANCE = 0.3;
const SECOND_DEVICE_CHANCE = 0.5;
const CONSENTS = ['analytics', 'analytics,marketing', 'analytics,marketing', 'necessary'];
/** Of the 32 bits of a seed the partition takes the upper ones of the second number. */
const PARTITION_SHIFT = 16;
const PERSON_STREAM = 0x7151;
const DEVICE_STREAM = 0x0de7;

/** Somebody with a device or two. */
export interface Person {
  readonly userNumber: number;
  readonly site: Site;
  readonly network: Network;
  readonly hasAccount: boolean;
  readonly hasSecondDevice: boolean;
}

/** Makes the visitor of a partition with a number, always the same one, from the person behind it. */
export function makeVisitor(world: World, partition: number, number: number, person: Person): Visitor {
  const { userNumber, site, network, hasAccount } = person;
  const device = new Random(world.settings.seed, (partition << PARTITION_SHIFT) | DEVICE_STREAM, number);
  const { clock, skewMillis } = makeClock(device);
  const { country, language, timeZone } = network.place;
  return {
    site,
    clock,
    skewMillis,
    latencyMillis: device.between(LATENCY.least, LATENCY.most),
    userId: hasAccount ? `u-${partition}-${userNumber}` : undefined,
    userNumber,
    members:
      `"visitor_id":"${device.hex32()}",${agentMembers(site, world.tables.agents.pick(device), device)},` +
      `"language":"${language}","time_zone":"${timeZone}","ip":"${address(network, device)}",` +
      `${country === '' ? '' : `"country":"${country}",`}` +
      `"consent":"${CONSENTS[device.below(CONSENTS.length)]}"`,
  };
}

/** Who is behind the visitor of a partition with a number: every other visitor may be the second device of the one before. */
export function personOf(world: World, partition: number, number: number): Person {
  if (number % 2 === 1) {
    const owner = makePerson(world, partition, number - 1);
    if (owner.hasSecondDevice) return owner;
  }
  return makePerson(world, partition, number);
}

function makePerson(world: World, partition: number, number: number): Person {
  const random = new Random(world.settings.seed, (partition << PARTITION_SHIFT) | PERSON_STREAM, number);
  const hasAccount = random.chance(ACCOUNT_CHANCE);
  return {
    userNumber: number,
    site: world.sites.pick(random),
    network: world.tables.networks.pick(random),
    hasAccount,
    hasSecondDevice: hasAccount && random.chance(SECOND_DEVICE_CHANCE),
  };
}

/** An address of a network. */
export function address({ prefix, parts }: Network, random: Random): string {
  let text = prefix;
  for (let part = 1; part < parts; part++) text += `${random.below(256)}.`;
  return text + random.between(1, 254);
}

function makeClock(random: Random): Pick<Visitor, 'clock' | 'skewMillis'> {
  const sign = random.chance(0.5) ? 1 : -1;
  const point = random.next();
  if (point < WRONG_CHANCE) {
    return { clock: 'wrong', skewMillis: sign * random.between(WRONG_CLOCK.least, WRONG_CLOCK.most) };
  }
  if (point < WRONG_CHANCE + OFF_CHANCE) {
    return { clock: 'off', skewMillis: sign * random.between(OFF_CLOCK.least, OFF_CLOCK.most) };
  }
  return { clock: 'right', skewMillis: random.between(-RIGHT_CLOCK_MILLIS, RIGHT_CLOCK_MILLIS) };
}

function agentMembers({ kind, name }: Site, browser: Agent, random: Random): string {
  const isApp = kind === 'app';
  const { userAgent, screen, viewport } = isApp ? APP_DEVICES.pick(random) : browser;
  return (
    `"user_agent":"${isApp ? `${name}/3.${random.below(4)} ` : ''}${userAgent}",` +
    `"screen_width":${screen[0]},"screen_height":${screen[1]},` +
    `"viewport_width":${viewport[0]},"viewport_height":${viewport[1]}`
  );
}
