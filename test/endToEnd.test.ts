/**
 * The whole pipeline on the built-in sample: the synthesized templates, the bundles they name, the real SQL. What must
 * come out is counted from the lines by `sampleTruth`, which knows nothing of the pipeline.
 */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endpointsFile, readEndpoints } from '../local/endpoints';
import { runStart } from '../local/run/command';
import { checks, violations } from '../local/run/counts';
import { countEvents, type LocalPipeline, startLocalPipeline } from '../local/run/pipeline';
import { SAMPLE_SOURCE, sampleLines } from '../local/sample';
import type { SendSummary } from '../scripts/send/sendFiles';
import { assembly } from './support/assembly';
import { captured } from './support/captured';
import { sampleTruth } from './support/sampleTruth';

const truth = sampleTruth(sampleLines());
const rejected = Object.values(truth.rejected).reduce((sum, count) => sum + count, 0);

const root = mkdtempSync(path.join(tmpdir(), 'end-to-end-'));
let assemblyDirectory: string;
let pipeline: LocalPipeline;
let problems: string[];

async function start(directory: string, templates = assemblyDirectory): Promise<LocalPipeline> {
  problems = [];
  return startLocalPipeline({
    assemblyDirectory: templates,
    directory: path.join(root, directory),
    environment: 'dev',
    speedUp: 60,
    onProblem: (problem) => problems.push(problem),
  });
}

const sendSample = () => pipeline.send({ inputs: [{ source: SAMPLE_SOURCE, lines: sampleLines() }] });

/** The equations that do not hold after a send into an empty warehouse. */
async function broken(sent: SendSummary): Promise<string[]> {
  const warehouse = { rowsBefore: 0, rowsAfter: await countEvents(pipeline) };
  return violations(checks(sent, pipeline.counts(), warehouse)).map(({ says }) => says);
}

beforeAll(async () => {
  assemblyDirectory = await assembly('dev');
});
afterEach(() => pipeline?.abort());
afterAll(() => rmSync(root, { recursive: true }));

describe('the pipeline on the sample', () => {
  it('accounts for every line, and the warehouse holds each event once', async () => {
    pipeline = await start('state');
    const sent = await sendSample();
    expect(sent).toMatchObject({
      lines: truth.lines,
      blank: truth.blank,
      events: truth.events,
      eventsUnsent: 0,
    });
    await pipeline.drain();

    const counts = pipeline.counts();
    expect(counts.transform).toMatchObject({ rows: truth.rows, rejected, rejectedByReason: truth.rejected });
    expect(counts.delivery.rowsDelivered).toBe(truth.rows);
    expect(counts.rejectedTaken).toBe(rejected);
    expect(counts.loads).toMatchObject({
      rowsStaged: truth.rows,
      rowsNew: truth.uniqueRows,
      rowsDuplicate: truth.rows - truth.uniqueRows,
    });
    expect(await broken(sent)).toEqual([]);
    expect(problems).toEqual([]);

    const sites = await pipeline.query('SELECT site_id, COUNT(*) AS events FROM analysis.events GROUP BY 1');
    expect(Object.fromEntries(sites.map(({ site_id, events }) => [site_id, events]))).toEqual(truth.bySite);
    const purchases = await pipeline.query(
      `SELECT currency, ROUND(SUM(event_value) * 100) AS cents FROM analysis.events
       WHERE event_name = 'purchase' GROUP BY 1`,
    );
    expect(Object.fromEntries(purchases.map(({ currency, cents }) => [currency, Number(cents)]))).toEqual(
      truth.revenueCents,
    );
    const [visitors] = await pipeline.query(
      'SELECT COUNT(DISTINCT visitor_id) AS visitors FROM analysis.events',
    );
    expect(visitors).toEqual({ visitors: truth.visitors });
  });

  it('writes the lake as the template says: events by hour as Parquet, rejected events beside them', () => {
    const files = readdirSync(path.join(root, 'state', 's3'), { recursive: true }).map(String);
    const hour = 'year=\\d{4}/month=\\d{2}/day=\\d{2}/hour=\\d{2}/';
    expect(files).toContainEqual(expect.stringMatching(new RegExp(`/events/${hour}[^/]+\\.parquet`)));
    expect(files).toContainEqual(expect.stringMatching(new RegExp(`/rejected/${hour}[^/]+\\.gz`)));
    expect(files.filter((file) => file.includes('/errors/'))).toEqual([]);
  });

  it('adds no row when the same lines come again, and says so in its report', async () => {
    pipeline = await start('state');
    await expect(start('state')).rejects.toThrow(`A local run is up already: process ${process.pid}`);
    await pipeline.close();
    expect(existsSync(endpointsFile(path.join(root, 'state')))).toBe(false);

    const { exitCode, out, err } = await captured((terminal) =>
      runStart(['--json', '--expect-no-new-rows', '--directory', path.join(root, 'state')], {
        ...terminal,
        assemblyDirectory,
      }),
    );
    expect({ exitCode, err }).toMatchObject({ exitCode: 0, err: expect.not.stringContaining('ERROR') });
    expect(JSON.parse(out)).toMatchObject({
      counts: { loads: { rowsStaged: truth.rows, rowsNew: 0, rowsDuplicate: truth.rows } },
      warehouse: { rowsBefore: truth.uniqueRows, rowsAfter: truth.uniqueRows },
    });
  });

  it('loads what a run that was killed had left in the lake, when it comes up again', async () => {
    pipeline = await start('killed');
    expect(readEndpoints(path.join(root, 'killed'))).toEqual(pipeline.endpoints);
    await sendSample();
    await pipeline.deliver();
    await pipeline.abort();

    pipeline = await start('killed');
    expect(pipeline.recovered).toMatchObject({ rowsStaged: truth.rows, rowsNew: truth.uniqueRows });
    expect(await countEvents(pipeline)).toBe(truth.uniqueRows);
    expect(pipeline.counts().loads.rowsNew).toBe(0);
  });
});

describe('a setting that is wrong in a template', () => {
  /** A copy of the assembly with one text in the stack's template replaced. */
  function changed(name: string, stack: string, from: string, to: string): string {
    const directory = path.join(root, name, 'cdk.out');
    cpSync(assemblyDirectory, directory, { recursive: true });
    const file = path.join(directory, `clickstream-dev-${stack}.template.json`);
    const template = readFileSync(file, 'utf8');
    expect(template).toContain(from);
    writeFileSync(file, template.replace(from, to));
    return directory;
  }

  it('shows: objects under another prefix are never loaded', async () => {
    const assembly = changed('prefix', 'delivery', '"Prefix": "events/', '"Prefix": "elsewhere/');
    pipeline = await start('prefix', assembly);
    const sent = await sendSample();
    await pipeline.drain();
    expect(pipeline.counts()).toMatchObject({
      delivery: { rowsDelivered: truth.rows },
      loads: { rowsStaged: 0 },
    });
    expect(await broken(sent)).toEqual(['rows in the lake = rows loaded + quarantined']);
  });

  it('shows: a table with another column makes objects that the loader refuses', async () => {
    const assembly = changed('column', 'delivery', '"Name": "event_name"', '"Name": "event_label"');
    pipeline = await start('column', assembly);
    const sent = await sendSample();
    await pipeline.drain();
    expect(pipeline.counts().loads).toMatchObject({ rowsStaged: 0, objectsQuarantined: 1 });
    expect(await broken(sent)).toEqual([]);
    const [row] = await pipeline.query('SELECT reason, detail FROM ops.quarantined_objects');
    expect(row).toMatchObject({ reason: 'wrong_columns', detail: expect.stringContaining('event_label') });
  });
});
