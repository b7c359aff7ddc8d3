/** `npm run upkeep`: closes and drops slices of events, and looks after the tables of the warehouse. */

import { runOnProcess } from './terminal/terminal';
import { runUpkeep } from './upkeep/cli';

runOnProcess(runUpkeep);
