/**
 * Packing and sending events: `sendEntries(client, streamName, packEvents(events, config.packing), { onUnsent })`.
 */
export { expandEntry, type PackInput, packEvents } from './pack';
export { recordKeys } from './recordKeys';
export { type SendOptions, type SendRuntime, SendStoppedError, sendEntries } from './send';
export {
  type FailedEntry,
  noCounts,
  type PackedEntry,
  type PackOptions,
  type PackResult,
  type RecordKey,
  type SendCounts,
  type UnsendableEvent,
  type UnsendableReason,
  type Unsent,
} from './types';
