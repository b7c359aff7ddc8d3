/** Waits for an answer of the server in a component. */

import { useEffect, useState } from 'preact/hooks';
import { messageOf } from '../../../lib/contract/words';

/** How far an answer is. The last one stays while the next is awaited, so that nothing jumps. */
export interface Pending<Answer> {
  readonly answer: Answer | undefined;
  readonly problem: string | undefined;
  readonly isLoading: boolean;
}

/**
 * Asks whenever the key changes.
 * @param key undefined: nothing to ask yet
 */
export function useAnswer<Answer>(key: string | undefined, ask: () => Promise<Answer>): Pending<Answer> {
  const [pending, setPending] = useState<Pending<Answer>>({
    answer: undefined,
    problem: undefined,
    isLoading: true,
  });
  useEffect(() => {
    if (key === undefined) return;
    let isCurrent = true;
    setPending(({ answer }) => ({ answer, problem: undefined, isLoading: true }));
    ask().then(
      (answer) => isCurrent && setPending({ answer, problem: undefined, isLoading: false }),
      (error: unknown) =>
        isCurrent &&
        setPending({
          answer: undefined,
          problem: messageOf(error),
          isLoading: false,
        }),
    );
    return () => {
      isCurrent = false;
    };
  }, [key]);
  return pending;
}
