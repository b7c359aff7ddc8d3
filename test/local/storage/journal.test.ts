import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Journal } from '../../../local/storage/journal';
import { tempDirectory } from '../../support/tempDirectory';

describe('a journal', () => {
  const directory = tempDirectory('journal');
  let files = 0;
  const newFile = () => path.join(directory, 'new', `${files++}.ndjson`);

  function replay(file: string): unknown[] {
    const entries: unknown[] = [];
    Journal.open(file, (entry) => entries.push(entry)).close();
    return entries;
  }

  it('replays what was added, in order, after it was opened again', () => {
    const file = newFile();
    const journal = Journal.open<unknown>(file, () => {});
    for (const entry of [{ a: 1 }, 'two\nlines', ['ü€']]) journal.append(entry);
    journal.close();
    expect(replay(file)).toEqual([{ a: 1 }, 'two\nlines', ['ü€']]);
  });

  it('cuts off a line that a killed process did not finish, and goes on after it', () => {
    const file = newFile();
    const journal = Journal.open<number>(file, () => {});
    journal.append(1);
    journal.close();
    appendFileSync(file, '{"half":');
    expect(replay(file)).toEqual([1]);
    const again = Journal.open<number>(file, () => {});
    again.append(2);
    again.close();
    expect(replay(file)).toEqual([1, 2]);
  });

  it('names file and line when a whole line is not JSON', () => {
    const file = newFile();
    Journal.open(file, () => {}).close();
    writeFileSync(file, '1\nnonsense\n2\n');
    expect(() => replay(file)).toThrow(`${file}, line 2 is not JSON: nonsense`);
  });

  it('keeps only the present state when compacted, and takes more after that', () => {
    const file = newFile();
    const journal = Journal.open<number>(file, () => {});
    for (const entry of [1, 2, 3]) journal.append(entry);
    journal.compact([6]);
    journal.append(7);
    journal.close();
    expect(readFileSync(file, 'utf8')).toBe('6\n7\n');
  });
});
