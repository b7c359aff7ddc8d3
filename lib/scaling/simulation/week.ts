/** A week of invented traffic: daily curves, a flash crowd and a regional outage. The same chance gives the same week. */

const { cos, floor, max, PI } = Math;

export const SECONDS_PER_MINUTE = 60;
export const SECONDS_PER_HOUR = 3_600;
export const SECONDS_PER_DAY = 86_400;

/** A Sunday comes before the week and is not reported: whoever looks a day back has one to look at. */
export const WARM_UP_DAYS = 1;
export const REPORTED_DAYS = 7;
const DAYS = WARM_UP_DAYS + REPORTED_DAYS;

/** Saturday and Sunday, counted from the Sunday before the week. */
const WEEKEND_DAYS = new Set([0, 6, 7]);
/** Weekend traffic over that of a working day. */
const WEEKEND_FACTOR = 0.75;
/** Hour of the daily peak, UTC. */
const PEAK_HOUR = 18;

/** Something that happens in the week, in seconds from the beginning of the warm-up day. */
export interface Incident {
  readonly name: string;
  readonly fromSecond: number;
  readonly toSecond: number;
}

const at = (day: number, hour: number) => day * SECONDS_PER_DAY + hour * SECONDS_PER_HOUR;

/** Wednesday evening: everybody at once, three times the usual traffic within minutes, half of it gone every 25 minutes. */
export const FLASH_CROWD: Incident = { name: 'flash crowd', fromSecond: at(3, 20), toSecond: at(4, 0) };
const FLASH_FACTOR = 3;
const FLASH_RISE_SECONDS = 4 * SECONDS_PER_MINUTE;
const FLASH_PLATEAU_SECONDS = 15 * SECONDS_PER_MINUTE;
const FLASH_HALF_LIFE_SECONDS = 25 * SECONDS_PER_MINUTE;

/** Friday at noon: a region that sends two fifths of the events is cut off for three hours. */
export const REGIONAL_OUTAGE: Incident = {
  name: 'regional outage',
  fromSecond: at(5, 12),
  toSecond: at(5, 15),
};
const OUTAGE_SHARE = 0.4;
/** Of what was held back, producers have kept this share, and send it when the region is back, in this time. */
const OUTAGE_KEPT_SHARE = 0.5;
const OUTAGE_CATCH_UP_SECONDS = 45 * SECONDS_PER_MINUTE;

export interface WeekOptions {
  /** Mean of a working day, bytes a second. */
  readonly meanBytesPerSecond: number;
  /** Busiest over mean second of a working day without incidents. */
  readonly peakFactor: number;
  /** Numbers from 0 to below 1. */
  readonly random: () => number;
}

/** Bytes that producers want to send in every second of the warm-up day and the week after it. */
export function weekOfTraffic({ meanBytesPerSecond, peakFactor, random }: WeekOptions): Float64Array {
  const traffic = new Float64Array(DAYS * SECONDS_PER_DAY);
  const curve = dailyCurve(peakFactor);
  let drift = 0;
  for (let second = 0; second < traffic.length; second++) {
    // The level wanders by a few percent from minute to minute, and single seconds differ by more.
    if (second % SECONDS_PER_MINUTE === 0) drift = 0.9 * drift + 0.02 * (random() - 0.5);
    const noise = 1 + drift + 0.1 * (random() - 0.5);
    const day = floor(second / SECONDS_PER_DAY);
    const level = curve(second % SECONDS_PER_DAY) * (WEEKEND_DAYS.has(day) ? WEEKEND_FACTOR : 1);
    traffic[second] = meanBytesPerSecond * level * noise * flashCrowd(second) * regionalOutage(second);
  }
  return traffic;
}

/**
 * A day with mean 1 and the given peak: a flat night and a bump of (1 + cos)^n, which is the narrower the higher the
 * peak is.
 */
function dailyCurve(peakFactor: number): (secondOfDay: number) => number {
  let power = 1;
  // Mean of ((1 + cos) / 2)^n over a turn is 1/2 * 3/4 * 5/6 * ... * (2n - 1) / 2n.
  let meanOfBump = 1 / 2;
  while (meanOfBump * peakFactor > 0.8) {
    power += 1;
    meanOfBump *= (2 * power - 1) / (2 * power);
    if (power > MOST_POWER) break;
  }
  const night = max(0, (1 - peakFactor * meanOfBump) / (1 - meanOfBump));
  return (secondOfDay) => {
    const turn = ((secondOfDay / SECONDS_PER_HOUR - PEAK_HOUR) / 24) * 2 * PI;
    return night + (peakFactor - night) * ((1 + cos(turn)) / 2) ** power;
  };
}

/** A bump this narrow lasts a few minutes. */
const MOST_POWER = 10_000;

function flashCrowd(second: number): number {
  const since = second - FLASH_CROWD.fromSecond;
  if (since < 0 || second >= FLASH_CROWD.toSecond) return 1;
  const extra = FLASH_FACTOR - 1;
  if (since < FLASH_RISE_SECONDS) return 1 + extra * (since / FLASH_RISE_SECONDS);
  const decaying = max(0, since - FLASH_RISE_SECONDS - FLASH_PLATEAU_SECONDS);
  return 1 + extra * 0.5 ** (decaying / FLASH_HALF_LIFE_SECONDS);
}

function regionalOutage(second: number): number {
  const { fromSecond, toSecond } = REGIONAL_OUTAGE;
  if (second >= fromSecond && second < toSecond) return 1 - OUTAGE_SHARE;
  const isCatchingUp = second >= toSecond && second < toSecond + OUTAGE_CATCH_UP_SECONDS;
  if (!isCatchingUp) return 1;
  return 1 + (OUTAGE_SHARE * OUTAGE_KEPT_SHARE * (toSecond - fromSecond)) / OUTAGE_CATCH_UP_SECONDS;
}
