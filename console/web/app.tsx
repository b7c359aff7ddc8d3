/** The page: the pipeline, the analysis, and a place for statements. */
import { useEffect, useState } from 'preact/hooks';
import { AnalysisSection } from './analysis/analysisSection';
import { api } from './api';
import { PipelineSection } from './pipeline/pipelineSection';
import { usePulse } from './pipeline/usePulse';
import type { Draft } from './sql/editor';
import { SqlSection } from './sql/sqlSection';
import { Notice } from './ui/notice';
import { useAnswer } from './ui/useAnswer';

export function App() {
  const { answer: surroundings, problem } = useAnswer('once', api.surroundings);
  const pulse = usePulse(surroundings?.pipeline !== undefined);
  const catalog = useAnswer(`catalog ${pulse.dataVersion}`, api.catalog);
  const [draft, setDraft] = useState<Draft>();
  const title = surroundings?.title;
  useEffect(() => {
    if (title !== undefined) document.title = `Clickstream console: ${title}`;
  }, [title]);

  const openInEditor = (sql: string) => {
    setDraft({ text: sql });
    document.getElementById('sql')?.scrollIntoView();
  };

  return (
    <>
      <a class="skip" href="#analysis">
        Skip to the analysis
      </a>
      <header class="page-head">
        <h1>Clickstream</h1>
        {surroundings && <span class="target">{surroundings.title}</span>}
        <nav aria-label="Sections">
          <a href="#pipeline">Pipeline</a>
          <a href="#analysis">Analysis</a>
          <a href="#sql">SQL</a>
        </nav>
      </header>
      <main>
        {problem !== undefined && <Notice kind="problem">{problem}</Notice>}
        {surroundings && (
          <>
            <PipelineSection source={surroundings.pipeline?.source} state={pulse} />
            <AnalysisSection
              catalog={catalog}
              questions={surroundings.questions}
              dataVersion={pulse.dataVersion}
              onOpenSql={openInEditor}
            />
            <SqlSection catalog={catalog.answer} limits={surroundings.limits} draft={draft} />
          </>
        )}
      </main>
    </>
  );
}
