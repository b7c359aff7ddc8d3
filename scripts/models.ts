/** `npm run models`: follows the loads with the models, makes them anew, or says how far they are. */

import { runModels } from './models/cli';
import { runOnProcess } from './terminal/terminal';

runOnProcess(runModels);
