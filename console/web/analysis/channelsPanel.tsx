/** Which channel brings visitors, and which brings visitors who buy. */
import { count } from '../ui/format';
import type { PanelProps } from './analysisSection';
import { type Answer, type AnswerRow, numberOf, QuestionPanel } from './panel';
import { RankTable } from './rankTable';

/** Shares of fewer visitors differ by chance. */
const LEAST_VISITORS = 30;

export function ChannelsPanel(props: PanelProps) {
  return (
    <QuestionPanel
      {...props}
      wide
      question="channels"
      emptyText="Nobody came in this period."
      picture={(answer) => <Channels {...answer} />}
    />
  );
}

function Channels({ info, rows }: Answer) {
  return (
    <>
      <Headline rows={rows} />
      <RankTable
        info={info}
        rows={rows}
        columns={info.columns.map(({ name }) => name)}
        bars={['visitors', 'buyers', 'buyer_percent']}
        essential={['channel', 'visitors', 'buyers', 'buyer_percent']}
      />
    </>
  );
}

/** The answer in a sentence. */
function Headline({ rows }: { rows: readonly AnswerRow[] }) {
  const buyers = best(rows, 'buyers');
  if (buyers === undefined) return <p class="headline">Nobody has bought anything in this period.</p>;
  const enough = rows.filter((row) => numberOf(row, 'visitors') >= LEAST_VISITORS);
  const share = best(enough, 'buyer_percent');
  return (
    <p class="headline">
      <strong>{buyers.channel}</strong> brings the most buyers: {count(numberOf(buyers, 'buyers'))} of{' '}
      {count(numberOf(buyers, 'visitors'))} visitors.
      {share && (
        <>
          {' '}
          Of those with at least {LEAST_VISITORS} visitors, <strong>{share.channel}</strong> has the largest
          share of buyers: {numberOf(share, 'buyer_percent').toFixed(1)} %.
        </>
      )}{' '}
      <span class="muted">
        A purchase counts for the visit it was made in. Who came by several channels is a visitor of each.
      </span>
    </p>
  );
}

/** The row with the largest number above 0. */
function best(rows: readonly AnswerRow[], column: string): AnswerRow | undefined {
  const [first] = rows.toSorted((left, right) => numberOf(right, column) - numberOf(left, column));
  return first && numberOf(first, column) > 0 ? first : undefined;
}
