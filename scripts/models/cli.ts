/** The command line of `npm run models`. */

import path from 'node:path';
import { Command } from 'commander';
import { isOtherThan, readWaiting, type Waiting } from '../../lambda/models/plan';
import { followLoads, type ModelSummary, type ModelTools, rebuild } from '../../lambda/models/run';
import { readModelTemplates } from '../../lambda/models/template';
import { systemClock } from '../../lambda/shared/dataApi';
import { loadEnvironment } from '../../lib/config';
import { WAREHOUSE } from '../../lib/contract/names';
import { DAY_MILLIS } from '../../lib/contract/units';
import { addTargetOptions, type TargetFlags, withTarget } from '../target/targetCommand';
import { runProgram } from '../terminal/program';
import type { Terminal } from '../terminal/terminal';

const EXAMPLES = `
Examples:
  npm run models -- status
  npm run models -- run
  npm run models -- rebuild --env prod

A function does "run" after each load. "rebuild" empties the models first and makes them from all events that are
kept; whoever reads meanwhile sees what is there so far. Without --env it works on the local run that is up
(npm start -- --keep).
Exit code: 0 done, 1 failed, 2 wrong usage.
`;

const MODELS_DIRECTORY = path.resolve(__dirname, '..', '..', 'sql', 'models');

/** How long a command may take: a rebuild of months of events runs for hours. */
const TIMEOUT_MILLIS = DAY_MILLIS;

/** What a command does with the models of a pipeline, and what it says. */
interface Action {
  readonly description: string;
  run(tools: ModelTools): Promise<{ readonly json: object; readonly text: string }>;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  run: {
    description: 'follows every load that waits',
    run: async (tools) => said(await followLoads(tools)),
  },
  rebuild: {
    description: 'empties the models and makes them anew',
    run: async (tools) => said(await rebuild(tools)),
  },
  status: {
    description: 'says how far the models are',
    run: async (tools) => {
      const waiting = await readWaiting(tools);
      const settingsChanged = isOtherThan(waiting, tools.settings);
      const { runCount, loads, lagSeconds } = waiting;
      return {
        json: { runs: runCount, loadsWaiting: loads.length, lagSeconds, settingsChanged },
        text: statusText(waiting, settingsChanged),
      };
    },
  },
};

/** Runs the command; the exit code. */
export function runModels(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = new Command('npm run models --')
    .usage('<run|rebuild|status> [options]')
    .description('Keeps page views, sessions and what is made of them up with the loads.')
    .addHelpText('after', EXAMPLES);
  for (const [name, action] of Object.entries(ACTIONS)) {
    addTargetOptions(program.command(name).description(action.description)).action(
      async (flags: TargetFlags) => {
        const answer = await withTarget(flags, (target) => {
          terminal.err(`Models of the ${target.title}\n`);
          return action.run({
            dataApi: target.dataApi(WAREHOUSE.modelerUser),
            templates: readModelTemplates(MODELS_DIRECTORY),
            settings: loadEnvironment(target.environment).analysis,
            clock: systemClock,
            deadlineMillis: Date.now() + TIMEOUT_MILLIS,
            onRun: ({ batches, rowsNew }) =>
              terminal.err(`followed ${batches} loads with ${rowsNew} events\n`),
          });
        });
        terminal.out(`${flags.json ? JSON.stringify(answer.json, null, 2) : answer.text}\n`);
      },
    );
  }
  return runProgram(program, args, terminal);
}

function said(summary: ModelSummary) {
  return {
    json: summary,
    text: [
      `Transactions:      ${summary.runs}`,
      `Loads followed:    ${summary.batches}`,
      `Their events:      ${summary.rowsNew}`,
      `Events read:       ${summary.rowsRead}`,
      `Sessions replaced: ${summary.sessionsReplaced}`,
      `Sessions written:  ${summary.sessionsWritten}`,
      ...(summary.settingsChanged ? [SETTINGS_CHANGED] : []),
    ].join('\n'),
  };
}

const SETTINGS_CHANGED =
  'The settings have changed: what was modelled before is as it was until npm run models -- rebuild';

function statusText({ loads, lagSeconds, runCount }: Waiting, settingsChanged: boolean): string {
  return [
    `Transactions so far: ${runCount}`,
    `Loads that wait:     ${loads.length}${loads.length === 0 ? '' : `, the oldest for ${lagSeconds} s`}`,
    ...(settingsChanged ? [SETTINGS_CHANGED] : []),
  ].join('\n');
}
