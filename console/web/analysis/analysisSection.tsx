/** The panels of the analysis, under one set of filters. */
import { useState } from 'preact/hooks';
import type { Catalog, QuestionInfo } from '../../wire';
import { Notice } from '../ui/notice';
import type { Pending } from '../ui/useAnswer';
import { ChannelsPanel } from './channelsPanel';
import { Filters, type FilterValues, NO_FILTERS } from './filters';
import { FunnelPanel } from './funnelPanel';
import { PagesPanel } from './pagesPanel';
import { RetentionPanel } from './retentionPanel';
import { TrendPanel } from './trendPanel';

export interface AnalysisSectionProps {
  readonly catalog: Pending<Catalog>;
  readonly questions: readonly QuestionInfo[];
  /** Panels ask again when it changes. */
  readonly dataVersion: string;
  readonly onOpenSql: (sql: string) => void;
}

/** What every panel is given. */
export interface PanelProps extends Pick<AnalysisSectionProps, 'questions' | 'dataVersion' | 'onOpenSql'> {
  readonly filters: FilterValues;
}

export function AnalysisSection({ catalog, ...props }: AnalysisSectionProps) {
  const [filters, setFilters] = useState(NO_FILTERS);
  const { answer, problem } = catalog;
  const panel: PanelProps = { ...props, filters };
  return (
    <section id="analysis" aria-labelledby="analysis-title">
      <div class="section-head">
        <h2 id="analysis-title">Analysis</h2>
        <Filters catalog={answer} values={filters} onChange={setFilters} />
      </div>
      {problem !== undefined && <Notice kind="problem">{problem}</Notice>}
      {answer && answer.days === undefined && (
        <Notice kind="empty">
          There are no sessions yet. They show up here when events have been loaded and the models have
          followed. To send some: <code>npm run send -- --local FILE</code>.
        </Notice>
      )}
      {answer?.days && (
        <div class="panels">
          <ChannelsPanel {...panel} />
          <TrendPanel {...panel} />
          <FunnelPanel {...panel} />
          <RetentionPanel {...panel} />
          <PagesPanel {...panel} />
        </div>
      )}
    </section>
  );
}
