/** What an environment decides about its models: part of the configuration, and given to the function as JSON. */
import { z } from 'zod';
import { between } from './numbers';

const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as "Europe/Berlin"');

/** Most sites with a time zone of their own: every site is named in the statements of a run, twice. */
const MAX_SITE_TIME_ZONES = 1_000;

/** `analysis` of an environment. A change holds for what is modelled from then on: docs/models.md, "Rebuilding". */
export const analysisSettingsSchema = z.strictObject({
  /** Minutes without an event that end a session. */
  sessionTimeoutMinutes: between(1, 1_440),
  /** Whether another campaign begins a new session. */
  newSessionAtCampaign: z.boolean(),
  /** Seconds from which a session of one page view counts as engaged. */
  engagedSeconds: between(1, 3_600),
  /** An event received more days after it happened counts when it was received. Bounds what one load can touch. */
  lookBackDays: between(1, 30),
  /** Names of events that count as conversions. */
  conversionEvents: z.array(z.string().min(1).max(128)).min(1, 'must name at least one event').max(50),
  /** Time zone of sites that are not in `siteTimeZones`. */
  defaultTimeZone: timeZone,
  /** IANA time zone by site id. */
  siteTimeZones: z
    .record(z.string().min(1).max(64), timeZone)
    .refine(
      (zones) => Object.keys(zones).length <= MAX_SITE_TIME_ZONES,
      `must name at most ${MAX_SITE_TIME_ZONES} sites`,
    ),
});

/** How the models of an environment are made. */
export type AnalysisSettings = Readonly<z.infer<typeof analysisSettingsSchema>>;

/** What most sites want. */
export const USUAL_ANALYSIS: AnalysisSettings = {
  sessionTimeoutMinutes: 30,
  newSessionAtCampaign: false,
  engagedSeconds: 10,
  lookBackDays: 3,
  conversionEvents: ['purchase'],
  defaultTimeZone: 'UTC',
  siteTimeZones: {},
};

/**
 * Settings that came from outside, such as a schedule's input.
 * @throws Error when they are not settings, with every reason
 */
export function parseAnalysisSettings(value: unknown): AnalysisSettings {
  const parsed = analysisSettingsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${JSON.stringify(value)} are no settings of models: ${z.prettifyError(parsed.error)}`);
}

function isTimeZone(name: string): boolean {
  try {
    return (
      new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' &&
      !/^[+-]/.test(name)
    );
  } catch {
    return false;
  }
}
