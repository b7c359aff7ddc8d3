/** `npm run quarantine`: looks at objects that could not be loaded, and decides about them. */
import { runQuarantine } from './quarantine/cli';

// Says on every run that a later SDK will want a later Node: nothing that somebody with a question can act on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

void runQuarantine(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
