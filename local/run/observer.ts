/** Lets somebody watch the events of a local run go by. */
import type { InvokeFunction } from '../firehose/transformInvoker';

/** Told what happens to events. It must be quick and must not throw: the pipeline waits for it. */
export interface PipelineObserver {
  /** An answer of the transform, as it gave it to Firehose. */
  onTransformed(answer: unknown): void;
  /** A line on its way to `rejected/`. */
  onRejected(line: Buffer): void;
}

/** How Firehose invokes the transform, with an observer told of each answer. */
export function observed(invoke: InvokeFunction, observer: PipelineObserver | undefined): InvokeFunction {
  if (observer === undefined) return invoke;
  return async (functionArn, event) => {
    const answer = await invoke(functionArn, event);
    observer.onTransformed(answer);
    return answer;
  };
}
