/** How many visitors take steps one after another; the steps can be changed. */
import { useId, useState } from 'preact/hooks';
import { count } from '../ui/format';
import type { PanelProps } from './analysisSection';
import { type Answer, type AnswerRow, numberOf, QuestionPanel } from './panel';

const FIRST_STEPS: readonly string[] = ['page_view', 'add_to_cart', 'purchase'];
const MOST_STEPS = 10;
const WINDOWS = [
  ['30m', '30 minutes'],
  ['1d', 'a day'],
  ['7d', '7 days'],
  ['28d', '28 days'],
] as const;

export function FunnelPanel(props: PanelProps) {
  const [steps, setSteps] = useState(FIRST_STEPS);
  const [within, setWithin] = useState('7d');
  const [by, setBy] = useState('');
  const info = props.questions.find(({ name }) => name === 'funnel');
  const dimensions = info?.parameters.find(({ name }) => name === 'by')?.options ?? [];
  return (
    <QuestionPanel
      {...props}
      question="funnel"
      values={{ steps: steps.join(','), within, by }}
      emptyText="Nobody took the first step in this period."
      controls={
        <FunnelForm
          steps={steps}
          within={within}
          by={by}
          dimensions={dimensions}
          onSteps={setSteps}
          onWithin={setWithin}
          onBy={setBy}
        />
      }
      picture={(answer) => <FunnelPicture {...answer} />}
    />
  );
}

interface FunnelFormProps {
  readonly steps: readonly string[];
  readonly within: string;
  readonly by: string;
  readonly dimensions: readonly string[];
  readonly onSteps: (steps: readonly string[]) => void;
  readonly onWithin: (within: string) => void;
  readonly onBy: (by: string) => void;
}

function FunnelForm({ steps, within, by, dimensions, onSteps, onWithin, onBy }: FunnelFormProps) {
  const id = useId();
  return (
    <form class="funnel-form" onSubmit={(event) => event.preventDefault()}>
      <ol>
        {steps.map((step, index) => (
          <li key={index}>
            <input
              type="text"
              aria-label={`Step ${index + 1}: event, or event:/page/*`}
              value={step}
              onChange={({ currentTarget: { value } }) =>
                onSteps(steps.with(index, value.trim()).filter((one) => one !== ''))
              }
            />
            {steps.length > 2 && (
              <button
                type="button"
                aria-label={`Remove step ${index + 1}`}
                onClick={() => onSteps(steps.toSpliced(index, 1))}
              >
                ×
              </button>
            )}
          </li>
        ))}
      </ol>
      <div class="filters">
        <button
          type="button"
          disabled={steps.length >= MOST_STEPS}
          onClick={() => onSteps([...steps, 'page_view'])}
        >
          Add a step
        </button>
        <label for={`${id}-within`}>within</label>
        <select id={`${id}-within`} value={within} onChange={(event) => onWithin(event.currentTarget.value)}>
          {WINDOWS.map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
        <label for={`${id}-by`}>by</label>
        <select id={`${id}-by`} value={by} onChange={(event) => onBy(event.currentTarget.value)}>
          <option value="">all together</option>
          {dimensions
            .filter((name) => name !== 'none')
            .map((name) => (
              <option key={name}>{name}</option>
            ))}
        </select>
      </div>
    </form>
  );
}

function FunnelPicture({ rows }: Answer) {
  const groups = Map.groupBy(rows, (row) => String(row.dimension ?? ''));
  return (
    <div class="funnels">
      {[...groups].map(([dimension, steps]) => (
        <Funnel key={dimension} title={groups.size > 1 ? dimension : undefined} steps={steps} />
      ))}
    </div>
  );
}

function Funnel({ title, steps }: { title: string | undefined; steps: readonly AnswerRow[] }) {
  return (
    <div class="funnel">
      {title !== undefined && <h4>{title === '' ? 'unknown' : title}</h4>}
      <ol>
        {steps.map((row, index) => (
          <li key={index}>
            <span class="bar" style={{ width: `${numberOf(row, 'percent_of_first')}%` }} aria-hidden="true" />
            <span class="step">{row.step_name}</span>
            <span class="visitors" data-step={index + 1}>
              {count(numberOf(row, 'visitors'))}
            </span>
            <span class="share">
              {index === 0
                ? 'visitors'
                : `${numberOf(row, 'percent_of_previous').toFixed(1)} % of the step before`}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
