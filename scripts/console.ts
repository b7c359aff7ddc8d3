/** `npm run console`: the console of a deployed environment, or of the local run. */
import { runConsole } from './console/cli';
import { runOnProcess } from './terminal/terminal';

runOnProcess(runConsole);
