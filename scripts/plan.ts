/** `npm run plan`: what an environment needs and costs. */
import { runPlan } from './plan/command';
import { runOnProcess } from './terminal/terminal';

runOnProcess(runPlan);
