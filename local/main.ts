/** `npm start`: the whole pipeline on this machine. */
import { EXIT, runStart } from './run/command';

// The lock file pins the SDK; what later ones will need is no news for who tries the pipeline.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

void runStart(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  // A send that was cut short would go on trying to reach a stream that is gone.
  if (code === EXIT.interrupted) process.exit();
});
