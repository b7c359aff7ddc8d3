/** `npm run audit`: is everything that was accepted in the warehouse? */
import { runAudit } from './audit/cli';

// Says on every run that a later SDK will want a later Node: nothing that somebody with a question can act on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

void runAudit(process.argv.slice(2), {
  now: Date.now,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
