/** Lists a bucket page by page. */
import {
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Pages of a listing, at most 1,000 keys each, in the order of the keys. */
export async function* listPages(
  s3: S3Client,
  input: Omit<ListObjectsV2CommandInput, 'ContinuationToken'>,
): AsyncGenerator<ListObjectsV2CommandOutput, void> {
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ ...input, ContinuationToken }));
    yield page;
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}
