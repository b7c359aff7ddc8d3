/** Listens to the pipeline's state, pushed by the server each second. */
import { useEffect, useState } from 'preact/hooks';
import type { LiveEvent, PipelineSnapshot, Pulse } from '../../wire';

/** Seconds of history in the small curves. */
const HISTORY = 60;
/** Events that are listed. */
const LISTED = 40;

/** What is known of the pipeline. */
export interface PipelineState {
  /** Newest last. */
  readonly history: readonly PipelineSnapshot[];
  /** Newest first. */
  readonly events: readonly LiveEvent[];
  readonly dataVersion: string;
  /** Why there is nothing new. */
  readonly trouble: string | undefined;
}

const NOTHING: PipelineState = { history: [], events: [], dataVersion: '', trouble: undefined };

/** @param isTold whether the server has anything to tell */
export function usePulse(isTold: boolean): PipelineState {
  const [state, setState] = useState(NOTHING);
  useEffect(() => {
    if (!isTold) return;
    const source = new EventSource('/api/pulse');
    source.addEventListener('message', ({ data }) => {
      const pulse: Pulse = JSON.parse(data);
      setState((before) => after(before, pulse));
    });
    source.addEventListener('trouble', ({ data }) => {
      const { message } = JSON.parse(data);
      setState((before) => ({ ...before, trouble: String(message) }));
    });
    source.addEventListener('error', () => {
      const trouble = 'The connection to the console’s server is lost. Is it still running?';
      setState((before) => ({ ...before, trouble }));
    });
    return () => source.close();
  }, [isTold]);
  return state;
}

function after(before: PipelineState, { snapshot, events, dataVersion }: Pulse): PipelineState {
  const newest = before.events[0]?.number ?? 0;
  const fresh = events.filter(({ number }) => number > newest).reverse();
  return {
    history: [...before.history, snapshot].slice(-HISTORY),
    events: fresh.length === 0 ? before.events : [...fresh, ...before.events].slice(0, LISTED),
    dataVersion,
    trouble: undefined,
  };
}
