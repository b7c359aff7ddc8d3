/** Retention, one cell after another, as its rules say it. */
import { DAY_MILLIS } from '../../../lib/contract/units';
import { dayOf, type Visit } from '../../support/visits';

/** The first day of the day's period. */
export function periodOf(millis: number, every: 'day' | 'week'): string {
  const date = new Date(`${dayOf(millis)}T00:00:00Z`);
  while (every === 'week' && date.getUTCDay() !== 1) date.setTime(date.getTime() - DAY_MILLIS);
  return dayOf(date.getTime());
}

export interface Cell {
  readonly cohort: string;
  readonly cohort_visitors: number;
  readonly age: number;
  readonly visitors: number;
  readonly is_complete: boolean;
}

/** All cells, by cohort and age. */
export function retentionReference(
  visits: readonly Visit[],
  every: 'day' | 'week',
  periods: number,
  isChosen: (first: Visit) => boolean,
): Cell[] {
  const days = every === 'day' ? 1 : 7;
  const who = ({ site_id, visitor_id }: Visit) => `${site_id} ${visitor_id}`;
  const lastDay = dayOf(Math.max(...visits.map(({ startMillis }) => startMillis)));
  const firsts = [...new Set(visits.map(who))].map((visitor) =>
    visits
      .filter((visit) => who(visit) === visitor)
      .reduce((one, other) => (other.startMillis < one.startMillis ? other : one)),
  );
  const chosen = firsts.filter(isChosen);
  const cohorts = [...new Set(chosen.map(({ startMillis }) => periodOf(startMillis, every)))].sort();
  const cells: Cell[] = [];
  for (const cohort of cohorts) {
    const members = chosen.filter(({ startMillis }) => periodOf(startMillis, every) === cohort).map(who);
    for (let age = 0; age < periods; age += 1) {
      const period = dayOf(Date.parse(cohort) + age * days * DAY_MILLIS);
      if (period > lastDay) break;
      const present = visits.filter(({ startMillis }) => periodOf(startMillis, every) === period).map(who);
      cells.push({
        cohort,
        cohort_visitors: members.length,
        age,
        visitors: members.filter((member) => present.includes(member)).length,
        is_complete: dayOf(Date.parse(period) + days * DAY_MILLIS) <= lastDay,
      });
    }
  }
  return cells;
}
