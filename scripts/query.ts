/** `npm run query`: asks the warehouse in Redshift SQL. */
import { readFileSync } from 'node:fs';
import { runQuery } from './query/cli';
import { interruption } from './terminal/interruption';
import { runOnProcess } from './terminal/terminal';

runOnProcess((args, terminal) =>
  runQuery(args, {
    ...terminal,
    readStandardInput: () => readFileSync(process.stdin.fd, 'utf8'),
    inputIsTerminal: process.stdin.isTTY === true,
    interruption,
  }),
);
