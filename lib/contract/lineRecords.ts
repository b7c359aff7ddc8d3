/**
 * Bytes of the Firehose records in which lines (rejected events, counts) go together. Each record is billed as a
 * multiple of 5 KB: a line of its own would pay for several times its length. Not larger, because a record that is
 * refused is sent whole again.
 */
export const LINE_RECORD_BYTES = 100 * 1024;
