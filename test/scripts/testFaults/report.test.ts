import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FAULT_CASES } from '../../../local/faults/cases';
import type { CaseReport } from '../../../local/faults/runCases';
import { runTestFaults } from '../../../scripts/testFaults/cli';
import { markdownReport, textReport, withReport } from '../../../scripts/testFaults/report';
import { captured } from '../../support/captured';

const passed: CaseReport = {
  name: 'two-loaders',
  injected: 3,
  eventsIn: 2_000,
  rowsOut: 1_919,
  lost: 0,
  duplicated: 0,
  secondsToRecover: 1.04,
  compared: 140,
  differences: [],
  signals: [{ what: 'LoaderRowsNew', found: 1_919, expected: '1919', isRight: true }],
  problem: undefined,
  passed: true,
};
const failed: CaseReport = {
  ...passed,
  name: 'sqs-lost',
  lost: 12,
  differences: [{ what: 'visitors', expected: 40, found: 38 }],
  signals: [{ what: 'AuditObjectsRequeued', found: 0, expected: '1', isRight: false }],
  passed: false,
};

const command = (...args: string[]) => captured((terminal) => runTestFaults(args, terminal));

describe('the report', () => {
  it('says of a case that failed what is wrong', () => {
    const text = textReport([passed, failed]);
    expect(text).toContain('1 of 2 cases passed: 12 events lost, 0 duplicated; 280 numbers compared');
    expect(text).toContain('ERROR: sqs-lost');
    expect(text).toContain('visitors: 40 expected, 38 found');
    expect(text).toContain('AuditObjectsRequeued: 1 expected, 0 found');
  });

  it('becomes a table with the command that made it, in place of the one before', () => {
    const table = markdownReport(FAULT_CASES, [passed], 'npm run it');
    expect(table).toContain('`npm run it`');
    expect(table).toContain('| two-loaders | 3 | 2,000 | 1,919 | 0 | 0 | 1.0 s |');
    expect(table).toContain('LoaderRowsNew 1,919');
    const document = 'above\n<!-- faults: begin -->\nold\n<!-- faults: end -->\nbelow\n';
    expect(withReport(document, 'new')).toBe(
      'above\n<!-- faults: begin -->\nnew\n<!-- faults: end -->\nbelow\n',
    );
    expect(() => withReport('no place', 'new')).toThrow('no place for the table');
  });

  it('in docs/reliability.md has a row for every case, and nothing lost or duplicated', () => {
    const document = readFileSync(path.resolve(__dirname, '../../../docs/reliability.md'), 'utf8');
    for (const { name } of FAULT_CASES) {
      const cells = document
        .split('\n')
        .find((line) => line.startsWith(`| ${name} |`))
        ?.split(' | ');
      expect([name, cells?.[4], cells?.[5]]).toEqual([name, '0', '0']);
    }
  });
});

describe('the command', () => {
  it('lists the cases', async () => {
    const { exitCode, out } = await command('--list');
    expect(exitCode).toBe(0);
    for (const { name, standsFor } of FAULT_CASES) {
      expect(out).toContain(name);
      expect(out).toContain(standsFor);
    }
  });

  it('refuses a case that there is not, and a seed that is no number', async () => {
    expect(await command('--case', 'nope')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('There is no case "nope"'),
    });
    expect(await command('--seed', 'x')).toMatchObject({ exitCode: 2 });
  });
});
