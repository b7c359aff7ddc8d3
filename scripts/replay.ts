/** `npm run replay`: sends again what did not arrive. */
import { runReplay } from './replay/cli';
import { runOnProcess } from './terminal/terminal';

runOnProcess(runReplay);
