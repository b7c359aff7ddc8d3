/** The command line of `npm run upkeep`. */

import { Command } from 'commander';
import { keepUp, type UpkeepSummary } from '../../lambda/upkeep/upkeep';
import { loadEnvironment } from '../../lib/config';
import { HOUR_MILLIS } from '../../lib/contract/units';
import { sliceDaysFor } from '../../lib/warehouse/slices';
import { addTargetOptions, type TargetFlags, withTarget } from '../target/targetCommand';
import { EXIT, runProgram } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';

interface Flags extends TargetFlags {
  readonly dryRun?: true;
}

const EXAMPLES = `
Examples:
  npm run upkeep -- --dry-run
  npm run upkeep -- --env prod

A function does the same once a day. Without --env it works on the local run that is up (npm start -- --keep).
Exit code: 0 done, 1 failed, 2 wrong usage.
`;

/** How long a statement may take. */
const TIMEOUT_MILLIS = HOUR_MILLIS;

/** Runs the command; the exit code. */
export function runUpkeep(
  args: readonly string[],
  terminal: Terminal,
  nowMillis: number = Date.now(),
): Promise<number> {
  const program = new Command('npm run upkeep --')
    .usage('[options]')
    .description('Closes and drops slices of events, and looks after the tables of the warehouse.')
    .option('--dry-run', 'only say what would be done')
    .addHelpText('after', EXAMPLES);
  addTargetOptions(program).action(async (flags: Flags) => {
    const summary = await withTarget(flags, (target) => {
      const { retentionDays, modelRetentionDays } = loadEnvironment(target.environment).warehouse;
      terminal.err(`Upkeep of the ${target.title}: events are kept ${retentionDays} days\n`);
      return keepUp(target.dataApi(), {
        settings: { sliceDays: sliceDaysFor(retentionDays), retentionDays, modelRetentionDays },
        nowMillis,
        deadlineMillis: Date.now() + TIMEOUT_MILLIS,
        isDryRun: flags.dryRun === true,
      });
    });
    terminal.out(
      `${flags.json ? JSON.stringify(summary, null, 2) : summaryText(summary, flags.dryRun === true)}\n`,
    );
  });
  return runProgram(program, args, terminal, () => EXIT.done);
}

function summaryText(summary: UpkeepSummary, isDryRun: boolean): string {
  const { slices, slicesClosed, slicesDropped, pageViewsDeleted, maintenance } = summary;
  return [
    `Slices of events:   ${slices}${isDryRun ? ' afterwards' : ''}`,
    `Slices closed:      ${slicesClosed}`,
    `Slices dropped:     ${slicesDropped.length === 0 ? 'none' : slicesDropped.join(', ')}`,
    `Page views deleted: ${pageViewsDeleted}`,
    `Maintenance:        ${maintenance.length === 0 ? 'none' : maintenance.join('; ')}`,
    ...(isDryRun ? ['Nothing was done.'] : []),
  ].join('\n');
}
