/** `npm run generate`: simulates traffic whose truth is known. */
import { runGenerate } from './generate/cli';
import { runOnProcess } from './terminal/terminal';

runOnProcess((args, terminal) => runGenerate(args, { ...terminal, nowMillis: Date.now }));
