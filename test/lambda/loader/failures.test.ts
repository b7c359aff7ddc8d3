import { blamedKey, classify, KNOWN_FAILURES, UNKNOWN_FAILURE } from '../../../lambda/loader/failures';

describe('the table of known failures', () => {
  it.each(KNOWN_FAILURES.map((known) => [known.code, known] as const))(
    '%s is told by the message it was met with',
    (code, { example, permanence, isWorthDividing }) => {
      expect(classify(example)).toEqual({ code, permanence, isWorthDividing });
    },
  );

  it('names every failure once, so that it can be a reason in the ledger', () => {
    const codes = KNOWN_FAILURES.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^[a-z0-9_]{1,64}$/);
  });

  it('says where each message was seen', () => {
    for (const { source } of KNOWN_FAILURES) expect(source.length).toBeGreaterThan(10);
  });
});

const scanError = (context: string) =>
  `ERROR: Spectrum Scan Error\n  Detail: error:  Spectrum Scan Error\n  code:      15007\n  context:   ${context}\n  query:     410606\n  location:  dory_util.cpp:1509\n  process:   worker_thread [pid=8635]`;
const FILE = "File 'https://s3.us-east-1.amazonaws.com/lake/events/year%3D2026/a.parquet'";

it.each([
  ['a file that is no Parquet', scanError(`${FILE} has an invalid version number.`), 'not_parquet'],
  ['a schema message that was cut off', scanError(`${FILE} has an incompatible Parquet s`), 'wrong_columns'],
  [
    'too few columns',
    scanError(
      'Unmatched number of columns between table and file. Table columns: 20, Data columns: 16, File name: x',
    ),
    'wrong_columns',
  ],
  [
    'an old type error',
    'Assert DETAIL: error: Assert code: 1000 context: Unreachable - Invalid type: 4000',
    'wrong_columns',
  ],
  [
    'text that is too long in the insert',
    'ERROR: value too long for type character varying(2)',
    'value_too_long',
  ],
])('takes %s for the object’s fault', (_, message, code) => {
  expect(classify(message)).toEqual({ code, permanence: 'permanent', isWorthDividing: true });
});

it.each([
  [
    'S3 that denies a named file',
    scanError(`${FILE}: Forbidden: HTTP response error code: 403 Message: AccessDenied`),
    'object_denied',
    true,
  ],
  [
    'S3 that is too busy for a named file',
    scanError(`${FILE}: HTTP response error code: 503 Message: SlowDown`),
    's3_throttled',
    false,
  ],
  ['a read of a named file that timed out', scanError(`${FILE}: Retries exceeded`), 's3_unavailable', false],
  ['a manifest’s file that is gone', scanError(`File not found ${FILE}`), 'object_gone', true],
  [
    'a size that is off, in the local run’s words',
    'ERROR: File size mismatch: the manifest says content_length 3 for s3://lake/events/a.parquet, the file has 4 bytes',
    'object_changed',
    true,
  ],
  [
    'a statement that took too long',
    'ERROR: canceling statement due to statement timeout',
    'cancelled',
    true,
  ],
  ['somebody who stopped it', "ERROR: Query (150) cancelled on user's request", 'cancelled', true],
  ['a lock that another transaction holds', 'ERROR: deadlock detected', 'conflict', false],
  [
    'a warehouse that restarts',
    'FATAL: terminating connection due to administrator command',
    'connection_lost',
    false,
  ],
  [
    'a warehouse that is being resized',
    'ERROR: cluster is in read-only mode',
    'warehouse_unavailable',
    false,
  ],
  ['a grant that is missing', 'ERROR: permission denied for relation events', 'role_denied', false],
  [
    'a migration that is missing',
    'ERROR: relation "ops.load_counts" does not exist',
    'schema_differs',
    false,
  ],
])('blames no object for %s', (_, message, code, isWorthDividing) => {
  expect(classify(message)).toEqual({ code, permanence: 'transient', isWorthDividing });
});

it('knows what it does not know', () => {
  for (const message of ['', 'no reason given', scanError('something new'), 'ERROR: Assert']) {
    expect(classify(message)).toEqual({
      code: UNKNOWN_FAILURE,
      permanence: 'unknown',
      isWorthDividing: true,
    });
  }
});

describe('the key a message blames', () => {
  const keys = ['events/year=2026/a.parquet', 'events/year=2026/b.parquet'];

  it('is found as it is, and as Redshift encodes it in a URL', () => {
    expect(blamedKey('File name: s3://lake/events/year=2026/b.parquet', keys)).toBe(keys[1]);
    expect(blamedKey(`${FILE} has an invalid version number`, keys)).toBe(keys[0]);
  });

  it('is none when the message names nothing that was loaded, or more than one', () => {
    expect(
      blamedKey('File name: https://s3.us-east-1.amazonaws.com/lake/events/year=2026/', keys),
    ).toBeUndefined();
    expect(blamedKey(keys.join(' or '), keys)).toBeUndefined();
  });
});
