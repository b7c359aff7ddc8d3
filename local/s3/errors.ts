/** S3's errors, with the codes and statuses of its API reference. */
import { AwsError } from '../http/awsError';

export function noSuchBucket(bucket: string): AwsError {
  return new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });
}

export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
}

export function noSuchVersion(key: string, versionId: string): AwsError {
  const message = 'The specified version does not exist.';
  return new AwsError('NoSuchVersion', message, 404, { Key: key, VersionId: versionId });
}

/** A delete marker cannot be read. */
export function isDeleteMarker(key: string): AwsError {
  const message = 'The specified method is not allowed against this resource.';
  return new AwsError('MethodNotAllowed', message, 405, { Key: key }, { 'x-amz-delete-marker': 'true' });
}

export function noSuchUpload(uploadId: string): AwsError {
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  return new AwsError('NoSuchUpload', message, 404, { UploadId: uploadId });
}

export function preconditionFailed(condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new AwsError('PreconditionFailed', message, 412, { Condition: condition });
}

export function invalidArgument(name: string, value: string, rule: string): AwsError {
  const details = { ArgumentName: name, ArgumentValue: value };
  return new AwsError('InvalidArgument', `${name} "${value}" ${rule}`, 400, details);
}

/** What S3 can do and this server cannot. */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `Not implemented by this server: ${what}`, 501);
}
