/**
 * What a failed load was the fault of, told by Redshift's words: one table of known messages. Pure.
 *
 * COPY has no error codes worth the name: 15001 and 15007 stand for a missing file, a full queue of S3 and text that
 * is too long alike. So the words decide, and an answer that nobody knows counts as neither.
 */
import { SERIALIZATION_CONFLICT } from '../shared/statementErrors';

/**
 * - `permanent`: it will fail like this for ever, because of what is in an object.
 * - `transient`: no object is to blame; the same load may well succeed later.
 * - `unknown`: the table does not know the words.
 */
export type Permanence = 'permanent' | 'transient' | 'unknown';

/** What there is to know about a failure. */
export interface Failure {
  /** Short lower-case name; of permanent ones the reason in the ledger of the quarantine. */
  readonly code: string;
  readonly permanence: Permanence;
  /** Whether a part of the batch may be loaded all the same, so that dividing it makes sense. */
  readonly isWorthDividing: boolean;
}

/** A message that is known. */
export interface KnownFailure extends Failure {
  readonly pattern: RegExp;
  /** The message as somebody met it, shortened. */
  readonly example: string;
  readonly source: string;
}

/** Code of what the table does not know. */
export const UNKNOWN_FAILURE = 'unknown_error';

const SPECTRUM_GUIDE = 'Redshift guide, Query troubleshooting in Amazon Redshift Spectrum';
const ABORT_GUIDE = 'AWS knowledge center, redshift-query-abort';
const COLUMNAR_GUIDE = 'Redshift guide, COPY from columnar data formats';
const POSTGRESQL = 'PostgreSQL 8 message, which Redshift kept';
const DATA_API_GUIDE = 'Redshift management guide, Troubleshooting issues for the Data API';

/** A later time may do: the warehouse, or S3 as a whole, is not up to it now. */
const wait = (code: string, pattern: RegExp, example: string, source: string): KnownFailure => ({
  code,
  permanence: 'transient',
  isWorthDividing: false,
  pattern,
  example,
  source,
});

/** No object is broken, but a smaller load, or one without an object that has changed, may do. */
const divide = (code: string, pattern: RegExp, example: string, source: string): KnownFailure => ({
  ...wait(code, pattern, example, source),
  isWorthDividing: true,
});

/** An object is broken. */
const quarantine = (code: string, pattern: RegExp, example: string, source: string): KnownFailure => ({
  code,
  permanence: 'permanent',
  isWorthDividing: true,
  pattern,
  example,
  source,
});

/**
 * The first that fits decides. Transient ones come first: a request that S3 refused is reported inside a scan error
 * that names a file, which must not take that file for broken.
 */
export const KNOWN_FAILURES: readonly KnownFailure[] = [
  wait(
    'conflict',
    SERIALIZATION_CONFLICT,
    'ERROR: 1023 DETAIL: Serializable isolation violation on table - 100182, transactions forming the cycle are: 1, 2',
    'Redshift guide, Serializable isolation',
  ),
  wait(
    's3_throttled',
    /SlowDown|reduce your request rate|Access throttled|Status 503|response error code: 50[03]|ServiceUnavailable/i,
    'error: Spectrum Scan Error: Access throttled context: throttled by Amazon S3',
    SPECTRUM_GUIDE,
  ),
  wait(
    's3_unavailable',
    /Retries exceeded|Connection failed|InternalError,|Request ?Timeout|Fetch failed|No more data to read/i,
    'error: S3Query Exception Connection failed, retries exceeded. code: 15005',
    'github.com/harrystech/arthur-redshift-etl pull request 134',
  ),
  wait(
    'spectrum_busy',
    /Resource limit exceeded|Resource temporarily unavailable|exceeded.*(quota|limit) of Redshift Spectrum/i,
    'error: S3 Query Exception (Fetch) code: 15001 context: boost::thread_resource_error: Resource temporarily unavailable',
    'github.com/harrystech/arthur-redshift-etl pull request 134',
  ),
  wait(
    'role_denied',
    /not authorized to (assume|get credentials)|is not associated to cluster|must be superuser|permission denied for/i,
    'ERROR: User arn:aws:redshift:us-east-1:111122223333:dbuser:c/loader is not authorized to assume IAM Role arn:aws:iam::111122223333:role/copy',
    SPECTRUM_GUIDE,
  ),
  divide(
    'object_denied',
    /AccessDenied|Access Denied|Forbidden|response error code: 403|KMS\.\w+Exception/i,
    'S3ServiceException:Access Denied,Status 403,Error AccessDenied,Rid D14F284FE3B45734,CanRetry 1',
    'github.com/aws-samples/aws-redshift-spectrum-poc issue 3',
  ),
  divide(
    'object_gone',
    /NoSuchKey|specified key does not exist|File not found|Status 404|response error code: 404/i,
    'S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey,Rid 0,CanRetry 1',
    'AWS knowledge center, redshift-fix-copy-error',
  ),
  divide(
    'object_changed',
    /InvalidRange|requested range is not satisfiable|File size mismatch|content_length/i,
    'Error: HTTP response error code: 416 Message: InvalidRange The requested range is not satisfiable',
    'github.com/awslabs/aws-lambda-redshift-loader issue 223: content_length is not the object’s',
  ),
  wait('disk_full', /Disk Full/i, 'ERROR: Disk Full  Detail: error: Disk Full code: 1016', ABORT_GUIDE),
  divide(
    'out_of_memory',
    /out of memory|memory limit|insufficient memory/i,
    'ERROR: out of memory  DETAIL: Failed on request of size 20.',
    POSTGRESQL,
  ),
  divide(
    'cancelled',
    /cancell?ed|statement timeout|abort action of Query Monitoring Rule/i,
    'ERROR: Query (500029) cancelled by WLM abort action of Query Monitoring Rule "testrule".',
    ABORT_GUIDE,
  ),
  wait(
    'warehouse_unavailable',
    /is paused|is not available|currently (unavailable|resizing)|endpoint doesn't exist|being restarted|read-only mode|shutting down|starting up|node failure|service not available/i,
    "Redshift endpoint doesn't exist in this region.",
    'github.com/aws/aws-cdk issue 30536: so does the Data API call a cluster it cannot reach',
  ),
  wait(
    'connection_lost',
    /terminating connection|connection (limit|attempt|timed out|refused|reset|was closed|is closed|to the (server|leader))|could not connect|communications? link|broken pipe|SSL SYSCALL/i,
    'FATAL: connection limit "500" exceeded for non-bootstrap users',
    'AWS knowledge center, manage-connection-limits-redshift',
  ),
  wait(
    'session_limit',
    /ActiveStatementsExceeded|ActiveSessionsExceeded|too many (active )?(statements|sessions|connections)/i,
    'ActiveStatementsExceededException: The number of active statements exceeds the limit.',
    DATA_API_GUIDE,
  ),
  wait(
    'schema_differs',
    /relation "?[\w.]+"? does not exist|schema "?\w+"? does not exist|column "[\w.]+" (of relation "[\w.]+" )?does not exist/i,
    'ERROR: column "scroll_percent" of relation "events" does not exist',
    `${POSTGRESQL}: the warehouse is older than the loader`,
  ),
  quarantine(
    'value_too_long',
    /longer than the length defined in the table|value too long for type/i,
    'error: Spectrum Scan Error code: 15007 context: The length of the data column country is longer than the length defined in the table. Table: 2, Data: 8, File name: https://s3.us-east-1.amazonaws.com/lake/events/a.parquet',
    'github.com/aws-solutions-library-samples/guidance-for-clickstream-analytics-on-aws issue 344',
  ),
  quarantine(
    'wrong_columns',
    /Unmatched number of columns|incompatible Parquet sc?h?e?m?|invalid type length|Invalid type: \d+|nested column/i,
    "error: Spectrum Scan Error code: 15007 context: File 'https://s3.us-east-1.amazonaws.com/lake/events/a.parquet' has an incompatible Parquet s query: 146667179",
    'parsnips.net, 2025-10-21; github.com/rudderlabs/rudder-server pull request 3178',
  ),
  quarantine(
    'not_parquet',
    /invalid version number|magic (number|bytes)|not a (readable )?Parquet file|footer (is|has)|corrupt (footer|metadata)/i,
    "error: Spectrum Scan Error context: File 'https://s3.us-east-1.amazonaws.com/lake/events/a.parquet' has an invalid version number.",
    SPECTRUM_GUIDE,
  ),
  quarantine(
    'corrupt_pages',
    /corrupt|truncated|decompress|snappy|could not (decode|read) (page|column)|unexpected end of (file|stream)|page header|dictionary (page|index)/i,
    'error: Spectrum Scan Error code: 15001 context: Corrupt snappy compressed data.',
    'Apache Parquet C++ messages, which Spectrum hands on',
  ),
  quarantine(
    'required_value_missing',
    /Cannot insert a NULL value into column|null value in column .* violates not-null/i,
    'ERROR: Cannot insert a NULL value into column site_id',
    POSTGRESQL,
  ),
  quarantine(
    'invalid_text',
    /invalid byte sequence|String contains invalid or unsupported UTF8|invalid UTF-?8|not valid UTF/i,
    'ERROR: String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: e9 (error 3)',
    'Redshift guide, Multibyte character load errors',
  ),
  quarantine(
    'value_out_of_range',
    /out of range|Numeric (data )?overflow|invalid timestamp|invalid input syntax/i,
    'ERROR: timestamp out of range',
    `${POSTGRESQL}; ${COLUMNAR_GUIDE}`,
  ),
];

/**
 * What a load failed of.
 * @param message Redshift's or the Data API's words
 */
export function classify(message: string): Failure {
  const known = KNOWN_FAILURES.find(({ pattern }) => pattern.test(message));
  if (known === undefined) return { code: UNKNOWN_FAILURE, permanence: 'unknown', isWorthDividing: true };
  const { code, permanence, isWorthDividing } = known;
  return { code, permanence, isWorthDividing };
}

/**
 * The key that a message blames, of those that were loaded together; undefined when it names none, or several.
 * Redshift puts a URL into its message, in which a key is percent-encoded, and cuts long messages off.
 */
export function blamedKey(message: string, keys: readonly string[]): string | undefined {
  const named = keys.filter((key) => message.includes(key) || message.includes(percentEncoded(key)));
  return named.length === 1 ? named[0] : undefined;
}

function percentEncoded(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}
