/** `npm run send`: sends files of events or access logs to a stream. */
import { runSend } from './send/cli';
import { runOnProcess } from './terminal/terminal';

runOnProcess((args, terminal) => runSend(args, { ...terminal, env: process.env }));
