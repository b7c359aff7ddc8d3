/** `npm run erase`: erases what lake and warehouse hold of a visitor or user. */
import { runErase } from './erase/cli';

// Says on every run that a later SDK will want a later Node: nothing that somebody who erases can act on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

void runErase(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
