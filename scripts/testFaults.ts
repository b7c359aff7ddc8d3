/** `npm run test:faults`: lets things go wrong in a local pipeline, and holds the warehouse against the truth. */
import { runTestFaults } from './testFaults/cli';

// Says on every run that a later SDK will want a later Node: nothing that somebody with a question can act on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

void runTestFaults(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
