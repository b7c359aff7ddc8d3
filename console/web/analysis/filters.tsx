/** Which site, which days, with or without bots: for all panels at once. */
import { useId } from 'preact/hooks';
import type { Catalog } from '../../wire';

/** Values by parameter of the questions; an empty text is none. */
export interface FilterValues {
  readonly site: string;
  /** First day, as yyyy-mm-dd. */
  readonly from: string;
  /** Day after the last. */
  readonly to: string;
  readonly bots: string;
}

export const NO_FILTERS: FilterValues = { site: '', from: '', to: '', bots: 'exclude' };

export interface FiltersProps {
  readonly catalog: Catalog | undefined;
  readonly values: FilterValues;
  readonly onChange: (values: FilterValues) => void;
}

/** Whole spans before the last day with events. */
const SPANS = [
  { title: 'all days', days: undefined },
  { title: 'last day', days: 1 },
  { title: 'last 7 days', days: 7 },
  { title: 'last 28 days', days: 28 },
] as const;

export function Filters({ catalog, values, onChange }: FiltersProps) {
  const id = useId();
  const days = catalog?.days;
  const change = (name: keyof FilterValues) => (event: { currentTarget: { value: string } }) =>
    onChange({ ...values, [name]: event.currentTarget.value });
  const span = (length: number | undefined) =>
    onChange({
      ...values,
      from: days && length !== undefined ? dayAfter(days.last, 1 - length) : '',
      to: '',
    });
  return (
    <form class="filters" aria-label="Filters of the analysis" onSubmit={(event) => event.preventDefault()}>
      <span class="field">
        <label for={`${id}-site`}>Site</label>
        <select id={`${id}-site`} value={values.site} onChange={change('site')}>
          <option value="">all sites</option>
          {catalog?.sites.map((site) => (
            <option key={site} value={site}>
              {site}
            </option>
          ))}
        </select>
      </span>
      <span class="field">
        <label for={`${id}-span`}>Period</label>
        <select
          id={`${id}-span`}
          value={spanOf(values, days?.last)}
          onChange={({ currentTarget }) => {
            const chosen = SPANS.find(({ title }) => title === currentTarget.value);
            if (chosen) span(chosen.days);
          }}
        >
          {SPANS.map(({ title }) => (
            <option key={title}>{title}</option>
          ))}
          <option disabled>chosen days</option>
        </select>
      </span>
      <span class="field">
        <label for={`${id}-from`}>from</label>
        <input
          id={`${id}-from`}
          type="date"
          value={values.from || days?.first}
          min={days?.first}
          max={days?.last}
          onChange={change('from')}
        />
      </span>
      <span class="field">
        <label for={`${id}-to`}>until</label>
        <input
          id={`${id}-to`}
          type="date"
          value={values.to === '' ? days?.last : dayAfter(values.to, -1)}
          min={days?.first}
          max={days?.last}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...values, to: value === '' ? '' : dayAfter(value, 1) })
          }
        />
      </span>
      <span class="field">
        <label for={`${id}-bots`}>Bots</label>
        <select id={`${id}-bots`} value={values.bots} onChange={change('bots')}>
          <option value="exclude">left out</option>
          <option value="include">included</option>
          <option value="only">only bots</option>
        </select>
      </span>
    </form>
  );
}

function spanOf({ from, to }: FilterValues, last: string | undefined): string {
  if (from === '' && to === '') return 'all days';
  if (to !== '' || last === undefined) return 'chosen days';
  return (
    SPANS.find(({ days }) => days !== undefined && dayAfter(last, 1 - days) === from)?.title ?? 'chosen days'
  );
}

const DAY_MILLIS = 86_400_000;

/** The day so many days later, as yyyy-mm-dd. */
function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MILLIS).toISOString().slice(0, 10);
}
