/** The pipeline as a moving picture, and the latest events. */
import { LESS_MOTION, useMedia } from '../ui/media';
import { Notice } from '../ui/notice';
import { LiveStream } from './liveStream';
import { Branch, StageCard } from './stageCard';
import { speedOf, stagesOf } from './stages';
import type { PipelineState } from './usePulse';

export interface PipelineSectionProps {
  /** Where the numbers come from; undefined when nobody tells. */
  readonly source: string | undefined;
  readonly state: PipelineState;
}

export function PipelineSection({ source, state }: PipelineSectionProps) {
  const { history, events, trouble } = state;
  const latest = history.at(-1);
  return (
    <section id="pipeline" aria-labelledby="pipeline-title">
      <div class="section-head">
        <h2 id="pipeline-title">Pipeline</h2>
        {latest && (
          <p class="muted">
            {source}; totals {latest.totalsCover}
          </p>
        )}
      </div>
      {source === undefined && (
        <Notice kind="empty">
          No pipeline tells its numbers here. They are shown while <code>npm start -- --keep</code> is up, and
          for a deployed environment.
        </Notice>
      )}
      {trouble !== undefined && <Notice kind="problem">{trouble}</Notice>}
      {source !== undefined && latest === undefined && trouble === undefined && (
        <Notice kind="loading">Waiting for the first numbers</Notice>
      )}
      {latest && <Stages history={history} />}
      {latest && events.length > 0 && <LiveStream events={events} />}
    </section>
  );
}

function Stages({ history }: { history: PipelineState['history'] }) {
  const lessMotion = useMedia(LESS_MOTION);
  const views = history.map(stagesOf);
  const latest = views.at(-1) ?? [];
  return (
    <ol class={`stages${lessMotion ? ' still' : ''}`}>
      {latest.map((stage, index) => (
        <li key={stage.name}>
          <span class={`pipe speed-${speedOf(stage.flow)}`} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <div class="stage-column">
            <StageCard stage={stage} rates={views.map((view) => view[index]?.flow.perSecond ?? 0)} />
            {stage.branch && <Branch branch={stage.branch} />}
          </div>
        </li>
      ))}
    </ol>
  );
}
