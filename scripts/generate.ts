/** `npm run generate`: simulates traffic whose truth is known. */
import { runGenerate } from './generate/cli';

// Says on every run that a later SDK will want a later Node: nothing that somebody with a stream can act on.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

runGenerate(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
