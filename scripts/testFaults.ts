/** `npm run test:faults`: lets things go wrong in a local pipeline, and holds the warehouse against the truth. */
import { runOnProcess } from './terminal/terminal';
import { runTestFaults } from './testFaults/cli';

runOnProcess(runTestFaults);
