import { localDate } from '../../../lambda/models/localDate';
import {
  MAX_RUN_WINDOWS,
  type ModelRun,
  runStatements,
  settingsChecksum,
} from '../../../lambda/models/statements';
import { fillTemplate, MODEL_FILES } from '../../../lambda/models/template';
import { USUAL_ANALYSIS } from '../../../lib/config/analysis';
import { DATA_API_BATCH_STATEMENTS, DATA_API_STATEMENT_BYTES } from '../../../lib/contract/limits';
import { HOUR_MILLIS } from '../../../lib/contract/units';
import { MODEL_TEMPLATES } from '../../support/modelWarehouse';

const windows = Array.from({ length: MAX_RUN_WINDOWS }, (_, index) => ({
  fromMillis: 2 * index * HOUR_MILLIS,
  toMillis: (2 * index + 1) * HOUR_MILLIS,
}));

function run(more: Partial<ModelRun> = {}): ModelRun {
  return {
    runId: 'run',
    startedAtMillis: 0,
    runCount: 3,
    batchIds: ['batch'],
    newReceived: windows,
    newTimes: windows,
    chainReceived: windows,
    chainTimes: windows,
    settings: USUAL_ANALYSIS,
    ...more,
  };
}

describe('the statements of a run', () => {
  it('keep to the limits of the Data API in the worst case', () => {
    const siteTimeZones = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [
        `site-${index}-with-a-long-name`,
        'America/Argentina/Buenos_Aires',
      ]),
    );
    const batchIds = Array.from(
      { length: 200 },
      (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    );
    const statements = runStatements(
      MODEL_TEMPLATES,
      run({ batchIds, settings: { ...USUAL_ANALYSIS, siteTimeZones } }),
    );
    expect(statements.length).toBeLessThanOrEqual(DATA_API_BATCH_STATEMENTS);
    const longest = Math.max(...statements.map((statement) => Buffer.byteLength(statement)));
    expect(longest).toBeLessThan(DATA_API_STATEMENT_BYTES);
  });

  it('read events within literal windows only, one window a statement', () => {
    const reading = runStatements(MODEL_TEMPLATES, run()).filter((sql) => sql.includes('landing.all_events'));
    expect(reading).toHaveLength(2 * MAX_RUN_WINDOWS);
    for (const sql of reading) {
      expect(
        sql.match(
          /landed\.received_at >= '1970-01-01 [\d:.]+' AND landed\.received_at < '1970-01-01 [\d:.]+'/g,
        ),
      ).toHaveLength(1);
    }
  });

  it('leave no place open', () => {
    for (const sql of runStatements(MODEL_TEMPLATES, run())) expect(sql).not.toMatch(/\{\w+/);
  });

  it('lock first, so that the snapshot is taken after the run before', () => {
    expect(runStatements(MODEL_TEMPLATES, run())[0]).toBe('LOCK ops.model_lock');
  });
});

it('a place nobody knows is refused with those that are known', () => {
  expect(() => fillTemplate('SELECT {odd(a.b)}', { run_id: () => '' })).toThrow(
    '{odd(a.b)} cannot be filled in; known are: run_id',
  );
  expect(MODEL_FILES.every((file) => MODEL_TEMPLATES[file].length > 0)).toBe(true);
});

it('the checksum of settings does not hang on the order of their keys', () => {
  const { sessionTimeoutMinutes, ...others } = USUAL_ANALYSIS;
  expect(settingsChecksum({ ...others, sessionTimeoutMinutes })).toBe(settingsChecksum(USUAL_ANALYSIS));
  expect(settingsChecksum({ ...USUAL_ANALYSIS, sessionTimeoutMinutes: 31 })).not.toBe(
    settingsChecksum(USUAL_ANALYSIS),
  );
});

it('sites of one time zone share a branch, and quotes in their ids end nothing', () => {
  const siteTimeZones = { a: 'Europe/Berlin', "b'": 'Europe/Berlin', c: 'Asia/Kathmandu' };
  expect(localDate('s', 't', { defaultTimeZone: 'UTC', siteTimeZones })).toBe(
    "CAST(CASE WHEN s IN ('a', 'b''') THEN CONVERT_TIMEZONE('UTC', 'Europe/Berlin', t) " +
      "WHEN s IN ('c') THEN CONVERT_TIMEZONE('UTC', 'Asia/Kathmandu', t) ELSE CONVERT_TIMEZONE('UTC', 'UTC', t) END AS DATE)",
  );
});
