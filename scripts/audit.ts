/** `npm run audit`: is everything that was accepted in the warehouse? */
import { runAudit } from './audit/cli';
import { runOnProcess } from './terminal/terminal';

runOnProcess((args, terminal) => runAudit(args, { ...terminal, now: Date.now }));
