/** The funnel, one visitor after another, as its rules say it. */
import { type Click, inOrder, type Visit } from '../../support/visits';

export interface FunnelSettings {
  readonly steps: readonly ((click: Click) => boolean)[];
  readonly withinSeconds: number;
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly isChosen: (visit: Visit) => boolean;
}

/** Visitors by the channel of their first step, then by step. People only. */
export function funnelReference(
  clicks: readonly Click[],
  visits: readonly Visit[],
  { steps, withinSeconds, fromMillis, toMillis, isChosen }: FunnelSettings,
): Map<string, number[]> {
  const reached = new Map<string, number[]>();
  const people = clicks.filter(({ is_bot }) => !is_bot).sort(inOrder);
  const visitors = new Set(people.map(({ site_id, visitor_id }) => `${site_id} ${visitor_id}`));
  for (const visitor of visitors) {
    const theirs = people.filter(({ site_id, visitor_id }) => `${site_id} ${visitor_id}` === visitor);
    const first = theirs.find(
      (click) => steps[0]?.(click) && click.millis >= fromMillis && click.millis < toMillis,
    );
    const visit = visits.find((candidate) => first !== undefined && candidate.clicks.includes(first));
    if (first === undefined || visit === undefined || !isChosen(visit)) continue;
    const taken = [first];
    for (const step of steps.slice(1)) {
      const last = taken.at(-1);
      const next = theirs.find(
        (click) =>
          step(click) &&
          !taken.includes(click) &&
          click.millis >= (last?.millis ?? 0) &&
          click.millis - first.millis <= withinSeconds * 1_000,
      );
      if (next === undefined) break;
      taken.push(next);
    }
    const counts = reached.get(visit.channel) ?? steps.map(() => 0);
    reached.set(
      visit.channel,
      counts.map((count, index) => count + (index < taken.length ? 1 : 0)),
    );
  }
  return reached;
}
