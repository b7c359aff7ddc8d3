/** Turns the lines of one source into events, and counts what became of every line. */
import path from 'node:path';
import type { PackInput } from '../../lambda/shared/packing';
import { type Converter, logConverter, ndjsonConverter } from './converters';
import { DETECTION_LINES, detectFormat, FORMATS, type Format } from './format';
import { InputError, type Line, MAX_LINE_CHARACTERS, readLines, STDIN } from './lines';
import { SideFile } from './sideFile';
import { VISITOR_KEY_VARIABLE } from './visitorKey';

/** A file ("-" is standard input), or lines that are made on the spot. */
export type SendInput = string | { readonly source: string; readonly lines: Iterable<string> };

/** How to read a source. */
export interface SourceOptions {
  /** @default told by the first lines */
  readonly format?: Format;
  /** Name of the source, part of event ids. @default the file's name without directory and .gz */
  readonly source?: string;
  /** Site of access log lines. @default the host of siteUrl, else the source's name without .log */
  readonly siteId?: string;
  /** Scheme and host before the paths of an access log. @default https:// and siteId */
  readonly siteUrl?: string;
  /** Key of the visitor ids of access logs. */
  readonly visitorKey?: string;
  /** Where `<source>.unparsable` goes. */
  readonly sideDirectory: string;
}

/** A line that could not be read as what its source holds. */
export interface UnparsableSample {
  readonly lineNumber: number;
  readonly reason: string;
  /** Beginning of the line. */
  readonly text: string;
}

/** What became of a source's lines. Always lines = blank + unparsable + events. */
export interface SourceSummary {
  readonly source: string;
  readonly format: Format | undefined;
  readonly lines: number;
  readonly blank: number;
  readonly unparsable: number;
  readonly events: number;
  /** The first few unparsable lines. */
  readonly firstUnparsable: readonly UnparsableSample[];
  /** Holds all unparsable lines with number and reason; undefined when there are none. */
  readonly sideFile: string | undefined;
  /** Why the source was not read, or not to its end; undefined when it was. */
  readonly problem: string | undefined;
}

const SHOWN_SAMPLES = 5;
const SHOWN_CHARACTERS = 160;

/** Name of an input as it stands in event ids: a gzipped file has the name of the file it was. */
export function sourceName(input: SendInput): string {
  if (typeof input !== 'string') return input.source;
  return input === STDIN ? 'stdin' : path.basename(input).replace(/\.gz$/i, '');
}

/** One source being read. `summary` is complete when `events` has ended. */
export class SourceReader {
  private readonly source: string;
  private readonly side: SideFile;
  private readonly counts = { lines: 0, blank: 0, unparsable: 0, events: 0 };
  private readonly samples: UnparsableSample[] = [];
  private format: Format | undefined;
  private problem: string | undefined;

  constructor(
    private readonly input: SendInput,
    private readonly options: SourceOptions,
    private readonly onBytes: (bytes: number) => void,
  ) {
    this.source = options.source ?? sourceName(input);
    this.format = options.format;
    this.side = new SideFile(
      path.join(options.sideDirectory, `${this.source.replaceAll(/[/\\]/g, '_')}.unparsable`),
      'replace',
    );
  }

  summary(): SourceSummary {
    return {
      source: this.source,
      format: this.format,
      ...this.counts,
      firstUnparsable: this.samples,
      sideFile: this.side.isUsed ? this.side.file : undefined,
      problem: this.problem,
    };
  }

  /** The source's events, in order. What keeps it from being read to its end is told in `summary().problem`. */
  async *events(): AsyncGenerator<PackInput, void> {
    try {
      const batches = this.batches();
      const head: Line[] = [];
      while (head.length < DETECTION_LINES) {
        const next = await batches.next();
        if (next.done) break;
        head.push(...next.value);
      }
      const convert = this.converter(head);
      yield* this.convertAll(head, convert);
      for await (const lines of batches) yield* this.convertAll(lines, convert);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.problem = error.message;
    } finally {
      this.side.close();
    }
  }

  private async *batches(): AsyncGenerator<Line[], void> {
    if (typeof this.input === 'string') {
      yield* readLines(this.input, this.onBytes);
      return;
    }
    let number = 0;
    for (const text of this.input.lines) {
      number += 1;
      yield [{ number, text, isTooLong: false }];
    }
  }

  private converter(head: readonly Line[]): Converter {
    const { source, options } = this;
    this.format ??= detectFormat(head);
    if (this.format === undefined) {
      throw new InputError(
        `${source} was not read: its first lines are neither JSON objects nor access log lines; ` +
          `name its format (${FORMATS.join(' or ')})`,
      );
    }
    if (this.format === 'ndjson') return ndjsonConverter(source);
    if (options.visitorKey === undefined) {
      throw new InputError(
        `${source} was not read: an access log needs a key for its visitor ids, at least 16 characters in ` +
          `${VISITOR_KEY_VARIABLE} or in a file; "openssl rand -hex 32" makes one`,
      );
    }
    const siteId = options.siteId ?? (siteHost(options.siteUrl) || source.replace(/\.log$/i, ''));
    const siteUrl = (options.siteUrl ?? `https://${siteId}`).replace(/\/+$/, '');
    return logConverter({ source, siteId, siteUrl, visitorKey: options.visitorKey });
  }

  private *convertAll(lines: readonly Line[], convert: Converter): Generator<PackInput, void> {
    for (const line of lines) {
      this.counts.lines += 1;
      if (line.text.trim() === '' && !line.isTooLong) {
        this.counts.blank += 1;
        continue;
      }
      const fate = line.isTooLong
        ? ({ kind: 'unparsable', reason: `it has more than ${MAX_LINE_CHARACTERS} characters` } as const)
        : convert(line);
      if (fate.kind === 'event') {
        this.counts.events += 1;
        yield fate.event;
      } else {
        this.keepUnparsable(line, fate.reason);
      }
    }
  }

  private keepUnparsable({ number, text }: Line, reason: string): void {
    this.counts.unparsable += 1;
    this.side.write(`${number}\t${reason}\t${text}\n`);
    if (this.samples.length < SHOWN_SAMPLES) {
      this.samples.push({ lineNumber: number, reason, text: text.slice(0, SHOWN_CHARACTERS) });
    }
  }
}

function siteHost(siteUrl: string | undefined): string | undefined {
  return siteUrl === undefined ? undefined : new URL(siteUrl).host;
}
