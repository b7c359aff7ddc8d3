/** S3's message about a new object, as it arrives in a queue. */
export function s3Notification(bucketName: string, key: string, eventName = 'ObjectCreated:Put'): string {
  return JSON.stringify({ Records: [s3Record(bucketName, key, eventName)] });
}

/** One record of such a message. The key is encoded like form data, as S3 does. */
export function s3Record(bucketName: string, key: string, eventName = 'ObjectCreated:Put') {
  const encodedKey = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventTime: '2026-03-01T12:00:00.000Z',
    eventName,
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: bucketName, arn: `arn:aws:s3:::${bucketName}` },
      object: { key: encodedKey, size: 1, eTag: '0', sequencer: '00' },
    },
  };
}
