/** `npm run erase`: erases what lake and warehouse hold of a visitor or user. */
import { runErase } from './erase/cli';
import { runOnProcess } from './terminal/terminal';

runOnProcess(runErase);
