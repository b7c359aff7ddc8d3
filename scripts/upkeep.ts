/** `npm run upkeep`: closes and drops slices of events, and looks after the tables of the warehouse. */

import { runOnProcess } from './target/targetCommand';
import { runUpkeep } from './upkeep/cli';

runOnProcess(runUpkeep);
