/** `npm run quarantine`: looks at objects that could not be loaded, and decides about them. */
import { runQuarantine } from './quarantine/cli';
import { runOnProcess } from './terminal/terminal';

runOnProcess(runQuarantine);
