/**
 * State kept as a file of JSON lines, one for each change: cheap to add to, and whole again after a process was
 * killed. It does not survive a power cut better than the operating system's cache does.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

export class Journal<Entry> {
  private descriptor: number;

  private constructor(private readonly file: string) {
    this.descriptor = openSync(file, 'a');
  }

  /**
   * Opens the journal, making file and directory when missing, and replays what it holds. The beginning of a line
   * that a killed process left at the end is cut off: its change was never answered for.
   * @throws Error when another line is not JSON
   */
  static open<Entry>(file: string, replay: (entry: Entry) => void): Journal<Entry> {
    mkdirSync(path.dirname(file), { recursive: true });
    if (existsSync(file)) {
      const bytes = readFileSync(file);
      const end = bytes.lastIndexOf('\n') + 1;
      if (end < bytes.length) truncateSync(file, end);
      const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
      for (const [i, line] of lines.entries()) replay(parseLine<Entry>(file, i + 1, line));
    }
    return new Journal<Entry>(file);
  }

  /** Adds a change. When this returns, a killed process no longer loses it. */
  append(entry: Entry): void {
    writeSync(this.descriptor, `${JSON.stringify(entry)}\n`);
  }

  /** Replaces all changes by those that make up the present state. */
  compact(entries: Iterable<Entry>): void {
    const temporary = `${this.file}.new`;
    let text = '';
    for (const entry of entries) text += `${JSON.stringify(entry)}\n`;
    writeFileSync(temporary, text);
    closeSync(this.descriptor);
    renameSync(temporary, this.file);
    this.descriptor = openSync(this.file, 'a');
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

function parseLine<Entry>(file: string, lineNumber: number, line: string): Entry {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Error(`${file}, line ${lineNumber} is not JSON: ${line.slice(0, 80)}`, { cause });
  }
}
