/** `npm run query`: asks the local warehouse in Redshift SQL. */
import { readFileSync } from 'node:fs';
import { runQuery } from './query/cli';

// Says on every run that a later SDK will want a later Node: nothing that somebody with a question can act on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

void runQuery(process.argv.slice(2), {
  readStandardInput: () => readFileSync(process.stdin.fd, 'utf8'),
  inputIsTerminal: process.stdin.isTTY === true,
  // Undefined when the output goes into a file or another program.
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
