import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  InputError,
  type Line,
  MAX_LINE_CHARACTERS,
  readLines,
  splitLines,
} from '../../../scripts/send/lines';

const directory = mkdtempSync(path.join(tmpdir(), 'lines-'));
afterAll(() => rmSync(directory, { recursive: true }));

async function read(content: Buffer | string, name = 'input'): Promise<string[]> {
  const file = path.join(directory, name);
  writeFileSync(file, content);
  return (await collect(readLines(file))).map((line) => line.text);
}

async function collect(batches: AsyncIterable<Line[]>): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of batches) lines.push(...batch);
  return lines;
}

async function* chunksOf(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('reading lines', () => {
  test('ends lines with a line feed, with or without a carriage return, or with the end of the file', async () => {
    expect(await read('a\nb\r\n\nc')).toEqual(['a', 'b', '', 'c']);
    expect(await read('a\n')).toEqual(['a']);
    expect(await read('')).toEqual([]);
  });

  test('expands gzip, of several members too, by its first bytes and whatever the name', async () => {
    const members = Buffer.concat([gzipSync('a\nb'), gzipSync('c\n')]);
    expect(await read(members, 'plain.txt')).toEqual(['a', 'bc']);
    expect(await read('a\n', 'not-really.gz')).toEqual(['a']);
  });

  test('takes a byte order mark away and replaces bytes that are no UTF-8', async () => {
    expect(await read(Buffer.concat([Buffer.from('\uFEFFa\n'), Buffer.from([0x62, 0xff, 0x0a])]))).toEqual([
      'a',
      'b\uFFFD',
    ]);
  });

  test('gives the same lines however the bytes are cut', async () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .map((value) => value.toWellFormed().replaceAll(/[\n\r\uFEFF]/g, ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { maxLength: 20 }),
        fc.integer({ min: 1, max: 9 }),
        async (texts, size) => {
          const bytes = Buffer.from(texts.map((value) => `${value}\n`).join(''));
          const lines = await collect(splitLines(chunksOf(bytes, size)));
          expect(lines.map((line) => line.text)).toEqual(texts);
          expect(lines.map((line) => line.number)).toEqual(texts.map((_, index) => index + 1));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('marks a line that is too long, keeps its beginning only, and goes on with the next', async () => {
    async function* chunks() {
      yield Buffer.from('first\n');
      for (let sent = 0; sent <= MAX_LINE_CHARACTERS; sent += 1_048_576) yield Buffer.alloc(1_048_576, 'x');
      yield Buffer.from('xx\nlast\n');
    }
    const lines = await collect(splitLines(chunks()));
    expect(lines.map(({ number, isTooLong }) => [number, isTooLong])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ]);
    expect(lines[1]?.text.length).toBeLessThan(2_000);
    expect(lines[2]?.text).toBe('last');
  });

  test('of a truncated gzip gives what came before, then says what is wrong', async () => {
    const noise = Array.from({ length: 50_000 }, (_, index) => `line ${index} ${Math.sin(index)}`).join('\n');
    const whole = gzipSync(noise);
    const file = path.join(directory, 'cut.gz');
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    let lines = 0;
    const reading = (async () => {
      for await (const batch of readLines(file)) lines += batch.length;
    })();
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(/cut\.gz could not be read to its end: unexpected end of file/);
    expect(lines).toBeGreaterThan(1_000);
  });

  test('of a truncated gzip are the same however slowly they are read', async () => {
    const noise = Array.from({ length: 50_000 }, (_, index) => `line ${index} ${Math.sin(index)}`).join('\n');
    const whole = gzipSync(noise);
    const file = path.join(directory, 'slow.gz');
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    const linesRead = async (pauseMillis: number) => {
      let lines = 0;
      const reading = (async () => {
        for await (const batch of readLines(file)) {
          lines += batch.length;
          await setTimeout(pauseMillis);
        }
      })();
      await expect(reading).rejects.toThrow(InputError);
      return lines;
    };
    expect(await linesRead(30)).toBe(await linesRead(0));
  });
});
