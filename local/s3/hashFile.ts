import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** MD5 of a file, hex: the ETag of an object put in one piece. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) hash.update(chunk);
  return hash.digest('hex');
}
