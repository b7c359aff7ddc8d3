/** `npm run simulate:scaling`: a week of traffic against a fixed shard count, the scaled one and on-demand. */
import { runSimulateScaling } from './simulateScaling/command';
import { runOnProcess } from './terminal/terminal';

runOnProcess(runSimulateScaling);
