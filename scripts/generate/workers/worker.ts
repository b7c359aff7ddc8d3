/** The program of a worker process, started by `WorkerProcess`. */
import { messageOf } from '../../../lib/contract/words';
import { carryOut } from './carryOut';
import type { FromWorker, ToWorker, Work } from './protocol';

/** Slices on their way to the main process: enough to keep both busy, few enough to fit memory. */
const SLICES_AHEAD = 3;

/** Slices that may be sent before the main process has taken one. */
let slicesLeft = SLICES_AHEAD;
let onTaken: () => void = () => undefined;

process.on('message', (message: ToWorker) => {
  if (message.kind === 'taken') {
    slicesLeft++;
    onTaken();
    return;
  }
  work(message.work)
    .catch((error: unknown) => tell({ kind: 'failed', message: messageOf(error) }))
    .finally(() => process.disconnect?.());
});

// By the end of the work, or because the main process is gone and nobody waits for the rest.
process.on('disconnect', () => process.exit());

/** Done when the message has left this process. */
function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}

async function work(work: Work): Promise<void> {
  const onProgress = (events: number) => void tell({ kind: 'progress', events });
  for await (const message of carryOut(work, onProgress)) {
    if (message.kind === 'slice') await takeTurn();
    await tell(message);
  }
}

async function takeTurn(): Promise<void> {
  while (slicesLeft === 0) {
    await new Promise<void>((resolve) => {
      onTaken = resolve;
    });
  }
  slicesLeft--;
}
