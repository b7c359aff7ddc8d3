/** The latest events, each with what became of it. */
import { useState } from 'preact/hooks';
import type { LiveEvent } from '../../wire';
import { clockTime } from '../ui/format';

export function LiveStream({ events }: { events: readonly LiveEvent[] }) {
  const [held, setHeld] = useState<readonly LiveEvent[]>();
  const [onlyRejected, setOnlyRejected] = useState(false);
  const shown = (held ?? events).filter(({ fate }) => !onlyRejected || fate === 'rejected');
  return (
    <section class="panel live" aria-labelledby="live-title">
      <div class="panel-head">
        <h3 id="live-title">Latest events</h3>
        <div class="tools">
          <label class="check">
            <input
              type="checkbox"
              checked={onlyRejected}
              onChange={({ currentTarget }) => setOnlyRejected(currentTarget.checked)}
            />
            rejected only
          </label>
          <button
            type="button"
            aria-pressed={held !== undefined}
            onClick={() => setHeld(held ? undefined : events)}
          >
            {held ? 'Go on' : 'Hold'}
          </button>
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <section class="table-scroll" aria-label="Latest events" tabIndex={0}>
        <table class="events">
          <thead>
            <tr>
              <th scope="col">time</th>
              <th scope="col">fate</th>
              <th scope="col">event</th>
              <th scope="col">site</th>
              <th scope="col">page, or what was sent</th>
              <th scope="col">why</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ number, atMillis, fate, name, site, what, note }) => (
              <tr key={number} class={fate}>
                <td class="number">{clockTime(atMillis)}</td>
                <td>
                  <span class={`fate ${fate}`}>{fate}</span>
                </td>
                <td>{name}</td>
                <td>{site}</td>
                <td class="what">{what}</td>
                <td>{note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {shown.length === 0 && <p class="muted">None of the latest events was rejected.</p>}
    </section>
  );
}
