/** The flags that all commands have which work on a pipeline, and opening it. */
import { type Command, Option } from 'commander';
import { LOCAL_DIRECTORY } from '../../local/endpoints';
import { openTarget, type Target } from './target';

/** Flags every such command has. */
export interface TargetFlags {
  readonly env?: string;
  readonly directory: string;
  readonly json?: true;
}

/**
 * Adds the flags that say which pipeline is meant, and `--json`.
 * @param json what `--json` prints
 */
export function addTargetOptions(command: Command, json = 'print JSON'): Command {
  return command
    .option('--env <name>', 'a deployed environment instead of the local run')
    .addOption(
      new Option('--directory <path>', 'where the local run keeps its state').default(
        LOCAL_DIRECTORY,
        '.local',
      ),
    )
    .option('--json', json);
}

/** Opens the pipeline that is meant, and closes its clients afterwards. */
export async function withTarget<T>(
  { env: environment, directory }: TargetFlags,
  use: (target: Target) => Promise<T>,
): Promise<T> {
  const target = await openTarget({ environment, directory });
  try {
    return await use(target);
  } finally {
    target.close();
  }
}
