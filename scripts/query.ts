/** `npm run query`: asks the local warehouse in Redshift SQL. */
import { readFileSync } from 'node:fs';
import { runQuery } from './query/cli';
import { runOnProcess } from './target/targetCommand';

runOnProcess((args, terminal) =>
  runQuery(args, {
    ...terminal,
    readStandardInput: () => readFileSync(process.stdin.fd, 'utf8'),
    inputIsTerminal: process.stdin.isTTY === true,
    // Undefined when the output goes into a file or another program.
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  }),
);
