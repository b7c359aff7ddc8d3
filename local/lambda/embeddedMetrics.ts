/** Reads CloudWatch's embedded metric format from what a function prints. */
import { z } from 'zod';

const embedded = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({ Namespace: z.string(), Metrics: z.array(z.object({ Name: z.string() })) }),
    ),
  }),
});

/** One metric of one line. */
export interface MetricSample {
  readonly namespace: string;
  readonly name: string;
  readonly value: number;
}

/** The metrics of a line, or undefined when the line is an ordinary log line. */
export function embeddedMetrics(line: string): MetricSample[] | undefined {
  if (!line.includes('"_aws"')) return undefined;
  const parsed = embedded.safeParse(parseJson(line));
  if (!parsed.success) return undefined;
  return parsed.data._aws.CloudWatchMetrics.flatMap(({ Namespace, Metrics }) =>
    Metrics.flatMap(({ Name }) => {
      const value = parsed.data[Name];
      const values = Array.isArray(value) ? value : [value];
      return values
        .filter((one): one is number => typeof one === 'number')
        .map((one) => ({ namespace: Namespace, name: Name, value: one }));
    }),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A log line that merely mentions the key.
    return undefined;
  }
}
