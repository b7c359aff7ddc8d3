/** What the processes of a generation say to each other. */
import type { PackOptions } from '../../../lambda/shared/packing';
import type { SentSimulation } from '../output/sendSimulation';
import type { StreamTarget } from '../output/streamTarget';
import type { GeneratorSettings } from '../settings';
import type { Counted } from '../tally';

/** What to do with the events: give their lines to whoever asked, send them, or only count them. */
export type Purpose =
  | { readonly kind: 'lines' }
  | { readonly kind: 'count' }
  | {
      readonly kind: 'send';
      readonly stream: StreamTarget;
      readonly packing: PackOptions;
      /** @default as fast as the stream takes them */
      readonly eventsPerSecond?: number;
    };

/** Partitions to simulate, and what for. */
export interface Work {
  readonly settings: GeneratorSettings;
  readonly partitions: readonly number[];
  readonly purpose: Purpose;
}

/** What a partition hands over in a slice, as NDJSON. */
export interface EncodedLines {
  readonly events: number;
  readonly bytes: Uint8Array;
}

/** Lines of a slice, by partition in the order of the work. */
export interface LinesSlice {
  readonly kind: 'slice';
  readonly lines: readonly EncodedLines[];
}

/** The end of the work. */
export interface WorkDone {
  readonly kind: 'done';
  readonly counted: Counted;
  /** When the events were to be sent. */
  readonly sent?: SentSimulation;
}

/** From the main process: the work, once; later, that it has taken a slice. */
export type ToWorker = { readonly kind: 'work'; readonly work: Work } | { readonly kind: 'taken' };

/** To the main process. */
export type FromWorker =
  | LinesSlice
  | WorkDone
  /** Events counted or sent so far. */
  | { readonly kind: 'progress'; readonly events: number }
  | { readonly kind: 'failed'; readonly message: string };
