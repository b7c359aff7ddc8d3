import { soleParts } from '../../../local/run/parts';
import { readAssembly } from '../../../local/template/assembly';
import { readPipeline } from '../../../local/template/readPipeline';
import { assembly } from '../../support/assembly';

it('everything that has a schedule on AWS has one here: the audit too, which heals lost notifications', async () => {
  const stacks = readAssembly(await assembly('dev'));
  const pipeline = readPipeline(stacks, (name) => `http://127.0.0.1:9/000000000000/${name}`);
  const { schedule, otherSchedules, auditArn, modelSchedule } = soleParts(pipeline);
  expect([schedule, ...otherSchedules]).toHaveLength(pipeline.schedules.length);
  expect(otherSchedules).toContainEqual(modelSchedule);
  // Without an input, the audit looks at what is due; the report of a run asks for its own hours.
  expect(otherSchedules).toContainEqual(
    expect.objectContaining({ functionArn: auditArn, everyMillis: 60 * 60_000, input: {} }),
  );
});
