/** `npm run ask`: ready questions about visits, answered by the warehouse. */
import { runAsk } from './ask/cli';
import { interruption } from './terminal/interruption';
import { runOnProcess } from './terminal/terminal';

runOnProcess((args, terminal) => runAsk(args, { ...terminal, nowMillis: Date.now, interruption }));
