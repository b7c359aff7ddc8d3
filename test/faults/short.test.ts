/**
 * The short form of `npm run test:faults`, and proof that a drill notices what it is there for: a pipeline that loses
 * or doubles events must not pass.
 */

import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { WAREHOUSE } from '../../lib/contract/names';
import { FAULT_CASES } from '../../local/faults/cases';
import type { FaultCase } from '../../local/faults/faultCase';
import { type CaseReport, hasPassed, runCases } from '../../local/faults/runCases';
import { sourceOf } from '../../scripts/generate/settings';
import { assembly } from '../support/assembly';
import { tempDirectory } from '../support/tempDirectory';

const SHORT_FORM = [
  'kinesis-timeout-after-write',
  'firehose-delivers-twice',
  'transform-poisonous-event',
  'object-varchar-too-long',
];

/** Loses a record, doubles a row, waits for a metric that does not come, and stops half way. */
const defective: FaultCase = {
  name: 'defective',
  standsFor: 'a pipeline with defects',
  injects: 'a defect of each kind',
  seenBy: 'the comparison with the truth',
  surroundings: 'patient',
  async run(drill) {
    drill.arm({ records: (records) => records.filter(() => !drill.plan.first(1)) });
    await drill.send();
    await drill.deliver();
    await drill.recover();
    const { settings } = drill.traffic;
    const ours = `SELECT * FROM ${WAREHOUSE.eventsTable} WHERE source = '${sourceOf(settings)}' LIMIT 1`;
    const dataApi = drill.target.dataApi();
    const id = await dataApi.submit(
      [`INSERT INTO ${WAREHOUSE.eventsTable} ${ours}`],
      'a-defect',
      randomUUID(),
    );
    await dataApi.follow(id, Date.now() + 30_000);
    drill.metricMustBe('LoaderObjectsQuarantined', 1);
    throw new Error('it went wrong');
  },
};

describe('fault cases', () => {
  const directory = tempDirectory('faults');
  let reports: ReadonlyMap<string, CaseReport>;

  beforeAll(async () => {
    const assemblyDirectory = await assembly('dev');
    const cases = [...FAULT_CASES.filter(({ name }) => SHORT_FORM.includes(name)), defective];
    const state = path.join(directory, 'state');
    const all = await runCases(cases, { assemblyDirectory, directory: state, seed: 1, events: 400 });
    reports = new Map(all.map((report) => [report.name, report]));
  });

  it.each(SHORT_FORM)('%s: nothing is lost or doubled, and the signals tell of it', (name) => {
    expect(reports.get(name)).toMatchObject({
      passed: true,
      lost: 0,
      duplicated: 0,
      differences: [],
      problem: undefined,
    });
  });

  it('do not pass when the pipeline loses or doubles events, and say how many', () => {
    const report = reports.get('defective');
    expect(report).toMatchObject({ passed: false, duplicated: 1, problem: 'it went wrong' });
    expect(report?.lost).toBeGreaterThan(0);
    expect(report?.differences).toContainEqual(expect.objectContaining({ what: 'valid events' }));
    expect(report?.signals).toEqual([
      { what: 'LoaderObjectsQuarantined', found: 0, expected: '1', isRight: false },
    ]);
  });
});

describe('the verdict', () => {
  const right = { injected: 1, lost: 0, duplicated: 0, differences: [], signals: [], problem: undefined };
  const wrongSignal = { what: 'a metric', found: 0, expected: '1', isRight: false };
  const difference = { what: 'visitors', expected: 2, found: 1 };

  it('is good when a fault was injected and nothing is wrong', () => {
    expect(hasPassed(right)).toBe(true);
  });

  it.each([
    ['no fault was injected', { injected: 0 }],
    ['events are lost', { lost: 1 }],
    ['events are doubled', { duplicated: 1 }],
    ['a number differs from the truth', { differences: [difference] }],
    ['a signal did not come', { signals: [wrongSignal] }],
    ['the case stopped', { problem: 'it went wrong' }],
  ])('is bad when %s', (_, wrong) => {
    expect(hasPassed({ ...right, ...wrong })).toBe(false);
  });
});
