/** The pages people look at. */
import type { PanelProps } from './analysisSection';
import { QuestionPanel } from './panel';
import { RankTable } from './rankTable';

/** Not as telling as the exit rate, and too much beside another panel; the table has them. */
const LEFT_OUT = ['entries', 'exits'];

export function PagesPanel(props: PanelProps) {
  return (
    <QuestionPanel
      {...props}
      question="pages"
      values={{ limit: '15' }}
      emptyText="No page was viewed in this period."
      picture={({ info, rows }) => (
        <RankTable
          info={info}
          rows={rows}
          columns={info.columns.map(({ name }) => name).filter((name) => !LEFT_OUT.includes(name))}
          bars={['page_views', 'visitors']}
        />
      )}
    />
  );
}
