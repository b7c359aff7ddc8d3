/** `npm run audit`: is everything that was accepted in the warehouse? */
import { runAudit } from './audit/cli';
import { runOnProcess } from './target/targetCommand';

runOnProcess((args, terminal) => runAudit(args, { ...terminal, now: Date.now }));
