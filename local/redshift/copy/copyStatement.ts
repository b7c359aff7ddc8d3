/** Reads a COPY statement. Only what COPY FROM PARQUET with a manifest allows is taken. */
import { NotSupportedLocallyError, RedshiftError } from '../redshiftError';
import type { ObjectName, TokenReader } from '../sql/tokenReader';

export interface CopyStatement {
  readonly table: ObjectName;
  /** Columns in file order; undefined means all of the table. */
  readonly columns?: readonly string[];
  readonly source: { readonly bucket: string; readonly key: string };
  /** `default` or the role's ARN. */
  readonly iamRole: string;
  /** Files may lack trailing columns. */
  readonly fillRecord: boolean;
}

/** Options that COPY knows but not together with PARQUET (Redshift guide, "COPY from columnar data formats"). */
const NOT_FOR_PARQUET = new Set(
  `maxerror delimiter ignoreheader gzip bzip2 lzop zstd encrypted dateformat timeformat ignoreblanklines emptyasnull
   blanksasnull nullas acceptanydate escape removequotes quote fixedwidth truncatecolumns trimblanks compupdate comprows
   noload region readratio encoding roundec`.split(/\s+/),
);

/**
 * @throws RedshiftError on wrong syntax, a missing IAM_ROLE, an option that is not for Parquet
 * @throws NotSupportedLocallyError for another format, credentials, or a prefix in place of a manifest
 */
export function readCopy(reader: TokenReader): CopyStatement {
  reader.expect('copy');
  const table = reader.objectName();
  const columns = reader.accept('(') ? reader.list(() => reader.identifier()) : undefined;
  if (columns) reader.expect(')');
  reader.expect('from');
  const source = parseS3Url(reader.string());
  let iamRole: string | undefined;
  let format: string | undefined;
  let isManifest = false;
  let fillRecord = false;
  while (!reader.atEnd) {
    if (reader.accept('iam_role')) {
      iamRole = reader.accept('default') ? 'default' : roleArn(reader.string());
    } else if (reader.accept('format')) {
      reader.accept('as');
      format = reader.identifier();
    } else if (reader.accept('parquet')) format = 'parquet';
    else if (reader.accept('manifest')) isManifest = true;
    else if (reader.accept('fillrecord')) fillRecord = true;
    else if (reader.accept('statupdate')) reader.acceptOne('on', 'true', 'off', 'false');
    else refuseOption(reader);
  }
  if (iamRole === undefined)
    throw new RedshiftError("COPY needs credentials: IAM_ROLE DEFAULT or IAM_ROLE '<arn>'");
  if (format !== 'parquet') throw new NotSupportedLocallyError(`COPY of other than FORMAT AS PARQUET`);
  if (!isManifest) throw new NotSupportedLocallyError('COPY without MANIFEST');
  return { table, ...(columns ? { columns } : {}), source, iamRole, fillRecord };
}

function refuseOption(reader: TokenReader): never {
  const option = reader.next?.value ?? '';
  if (NOT_FOR_PARQUET.has(option)) {
    throw new RedshiftError(`${option.toUpperCase()} argument is not supported for PARQUET based COPY`);
  }
  for (const known of ['acceptinvchars', 'serializetojson', 'explicit_ids', 'credentials', 'access_key_id']) {
    if (option === known) throw new NotSupportedLocallyError(`COPY with ${known.toUpperCase()}`);
  }
  throw reader.syntaxError();
}

function roleArn(text: string): string {
  if (/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(text)) return text;
  throw new RedshiftError(
    `Invalid credentials. IAM_ROLE is '${text}', it must be DEFAULT or the ARN of a role`,
  );
}

/** @throws RedshiftError unless the text is s3://bucket/key */
export function parseS3Url(url: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new RedshiftError(`Invalid S3 path '${url}', it must be s3://<bucket>/<key>`);
  }
  return { bucket, key };
}
