/** Days in the time zones of sites, as SQL. Pure. */
import type { AnalysisSettings } from '../../lib/config/analysis';
import { literal } from '../../lib/contract/sqlText';

/**
 * The day of a UTC time at a site.
 * @param site SQL of the site id
 * @param time SQL of the TIMESTAMP
 */
export function localDate(
  site: string,
  time: string,
  { defaultTimeZone, siteTimeZones }: Pick<AnalysisSettings, 'defaultTimeZone' | 'siteTimeZones'>,
): string {
  const converted = (zone: string) => `CONVERT_TIMEZONE('UTC', ${literal(zone)}, ${time})`;
  const sites = new Map<string, string[]>();
  for (const [siteId, zone] of Object.entries(siteTimeZones)) {
    sites.set(zone, [...(sites.get(zone) ?? []), siteId]);
  }
  const branches = [...sites].map(
    ([zone, siteIds]) => `WHEN ${site} IN (${siteIds.map(literal).join(', ')}) THEN ${converted(zone)}`,
  );
  const local =
    branches.length === 0
      ? converted(defaultTimeZone)
      : `CASE ${branches.join(' ')} ELSE ${converted(defaultTimeZone)} END`;
  return `CAST(${local} AS DATE)`;
}
