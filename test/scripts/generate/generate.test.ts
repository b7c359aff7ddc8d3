import { readFileSync } from 'node:fs';
import path from 'node:path';
import { generate } from '../../../scripts/generate/generate';
import { simulate, smallSettings } from '../../support/simulations';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('generate');
const settings = smallSettings({ events: 2_000 });
const { lines, truth } = simulate(settings);

async function generateFile(name: string, processes: number) {
  const file = path.join(directory, name);
  const progress: number[] = [];
  const onProgress = (events: number) => progress.push(events);
  const generated = await generate({ settings, processes, destination: { kind: 'file', file }, onProgress });
  return { ...generated, text: readFileSync(file, 'utf8'), progress };
}

describe('generating', () => {
  test('writes the simulated lines to a file, and tells the truth about them', async () => {
    const generated = await generateFile('one/events.ndjson', 1);
    expect(generated.text).toBe(lines.map((line) => `${line}\n`).join(''));
    expect(generated.truth).toEqual(truth);
    expect(generated.fileBytes).toBe(Buffer.byteLength(generated.text));
    expect(generated.progress.at(-1)).toBe(2_000);
  });

  test('writes the same bytes and tells the same truth with several processes', async () => {
    const generated = await generateFile('three.ndjson', 3);
    expect(generated.text).toBe(lines.map((line) => `${line}\n`).join(''));
    expect(generated.truth).toEqual(truth);
  });

  test('only counts when nothing is to be written, with broken records too', async () => {
    const withRecords = smallSettings({ events: 2_000, brokenRecords: true });
    const progress: number[] = [];
    const onProgress = (events: number) => progress.push(events);
    const generated = await generate({ settings: withRecords, destination: { kind: 'none' }, onProgress });
    expect(generated).toEqual({ truth: simulate(withRecords).truth });
    expect(progress.at(-1)).toBe(2_000);
  });

  test('says what a process failed of', async () => {
    const broken = { ...settings, distributions: path.join(directory, 'nowhere') };
    const generated = generate({ settings: broken, processes: 2, destination: { kind: 'none' } });
    await expect(generated).rejects.toThrow('nowhere has no agent_lookup.json.gz, the tables need it');
  });
});
