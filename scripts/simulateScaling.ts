/** `npm run simulate:scaling`: a week of traffic against a fixed shard count, the scaled one and on-demand. */
import { runSimulateScaling } from './simulateScaling/command';

process.exitCode = runSimulateScaling(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
