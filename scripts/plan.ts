/** `npm run plan`: what an environment needs and costs. */
import { runPlan } from './plan/command';

process.exitCode = runPlan(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
