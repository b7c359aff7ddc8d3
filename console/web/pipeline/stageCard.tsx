/** One stage: how much has passed, how fast it goes, the last minute as a curve. */
import { compact, count, rate } from '../ui/format';
import type { StageView } from './stages';

const CURVE_WIDTH = 120;
const CURVE_HEIGHT = 28;

export function StageCard({ stage, rates }: { stage: StageView; rates: readonly number[] }) {
  const { name, service, flow, unit, details } = stage;
  return (
    <article class={`stage${flow.perSecond > 0 ? ' flowing' : ''}`} aria-label={name}>
      <header>
        <h3>{name}</h3>
        <span class="muted">{service}</span>
      </header>
      <p class="total" title={count(flow.total)}>
        {flow.total < 1_000_000 ? count(flow.total) : compact(flow.total)} <small>{unit}</small>
      </p>
      <div class="rate">
        <span>{rate(flow.perSecond)} a second</span>
        <Curve rates={rates} />
      </div>
      <dl>
        {details.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

/** What leaves the main way, below the stage where it leaves. */
export function Branch({ branch }: { branch: NonNullable<StageView['branch']> }) {
  const { name, total, perSecond = 0, reasons } = branch;
  return (
    <div class={`branch${total > 0 ? ' some' : ''}`}>
      <span class={`drop${perSecond > 0 ? ' flowing' : ''}`} aria-hidden="true" />
      <p>
        <strong>{count(total)}</strong> {name.toLowerCase()}
      </p>
      {reasons.length > 0 && (
        <ul>
          {reasons.slice(0, 4).map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
          {reasons.length > 4 && <li>{reasons.length - 4} other reasons</li>}
        </ul>
      )}
    </div>
  );
}

function Curve({ rates }: { rates: readonly number[] }) {
  const highest = Math.max(1, ...rates);
  const step = CURVE_WIDTH / 59;
  const from = CURVE_WIDTH - (rates.length - 1) * step;
  const points = rates.map((value, index) => {
    const y = CURVE_HEIGHT - 1 - (value / highest) * (CURVE_HEIGHT - 3);
    return `${(from + index * step).toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg
      class="curve"
      viewBox={`0 0 ${CURVE_WIDTH} ${CURVE_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polyline points={points.join(' ')} />
    </svg>
  );
}
