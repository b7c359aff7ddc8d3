/** The commander command of `npm run ask`, made from the questions' definitions. */
import { Command, Option } from 'commander';
import { type ParameterInfo, type ParameterValues, QUESTIONS, type Question } from '../../lib/questions';
import { LOCAL_DIRECTORY } from '../../local/endpoints';

/** Flags that all questions have, besides their parameters. */
export interface AskFlags {
  readonly json?: true;
  readonly csv?: true;
  readonly sql?: true;
  readonly env?: string;
  readonly user?: string;
  readonly directory: string;
}

type Ask = (question: Question, values: ParameterValues, flags: AskFlags) => Promise<void>;

const EXAMPLES = `
Examples:
  npm run ask -- channels
  npm run ask -- funnel --steps 'page_view:/products/*,add_to_cart,purchase' --within 7d --by channel
  npm run ask -- retention --weekly --csv > retention.csv
  npm run ask -- funnel --help

A run kept up with "npm start -- --keep" is asked through the Redshift Data API; otherwise the file that the last run
left is read. With --env NAME the warehouse of that environment is asked. What each question counts, and how:
docs/questions.md.
Exit code: 0 answered, 1 the warehouse could not answer, 2 wrong usage.
`;

/**
 * The command with a subcommand for each question.
 * @param ask what to do with a question that was asked
 */
export function askCommand(ask: Ask): Command {
  const program = new Command('npm run ask --')
    .usage('<question> [options]')
    .description('Answers ready questions about visits: sessions, pages, funnels, retention, revenue.')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES);
  for (const question of QUESTIONS) program.addCommand(questionCommand(question, ask));
  return program;
}

function questionCommand(question: Question, ask: Ask): Command {
  const command = new Command(question.name)
    .usage('[options]')
    .summary(question.description)
    .description([question.description, ...question.rules.map((rule) => `- ${rule}`)].join('\n'))
    .addHelpText('after', `\nExample:\n  npm run ask -- ${question.name} ${question.example}\n`);
  for (const parameter of question.parameters) addParameter(command, parameter);
  command
    .addOption(new Option('--csv', 'print CSV with a header line').conflicts(['json', 'sql']))
    .addOption(new Option('--json', 'print a JSON array with an object a row').conflicts('sql'))
    .option('--sql', 'print the SQL instead of asking')
    .option('--env <name>', 'ask the warehouse of this deployed environment')
    .option('--user <name>', 'ask as this database user, with only what is granted to it')
    .addOption(
      new Option('--directory <path>', 'where the local run keeps its state').default(
        LOCAL_DIRECTORY,
        '.local',
      ),
    )
    .action(() => {
      const flags = command.opts<AskFlags & Record<string, unknown>>();
      return ask(question, valuesOf(question, command, flags), flags);
    });
  return command;
}

function addParameter(
  command: Command,
  { name, kind, help, options, default: preset, shortcuts }: ParameterInfo,
): void {
  const values = kind === 'choice' ? ` One of: ${options?.join(', ')}.` : '';
  const standard = preset === undefined ? '' : ` Default: ${preset}.`;
  command.addOption(new Option(`--${name} <${kind}>`, `${help}${values}${standard}`));
  for (const [flag, value] of Object.entries(shortcuts ?? {})) {
    command.addOption(new Option(`--${flag}`, `Short for --${name} ${value}.`).conflicts(attributeOf(name)));
  }
}

function valuesOf(question: Question, command: Command, flags: Record<string, unknown>): ParameterValues {
  const values: Record<string, string> = {};
  for (const { name, shortcuts = {} } of question.parameters) {
    const given = flags[attributeOf(name)];
    if (typeof given === 'string') values[name] = given;
    const short = Object.entries(shortcuts).filter(([flag]) => flags[attributeOf(flag)] === true);
    if (short.length > 1)
      command.error(`error: give one of ${short.map(([flag]) => `--${flag}`).join(', ')}`);
    for (const [, value] of short) values[name] = value;
  }
  return values;
}

/** Commander's name for a flag: `--half-life` is `halfLife`. */
function attributeOf(flag: string): string {
  return new Option(`--${flag}`).attributeName();
}
