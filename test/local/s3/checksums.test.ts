import fc from 'fast-check';
import { decodeAwsChunked } from '../../../local/s3/awsChunked';
import { BodyDigest, CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from '../../../local/s3/checksums';

/** Hex checksum of the text, fed in pieces. */
function checksum(algorithm: ChecksumAlgorithm, ...pieces: string[]): string {
  const digest = new BodyDigest(algorithm, false);
  for (const piece of pieces) digest.update(Buffer.from(piece));
  return Buffer.from(digest.finish().checksum?.value ?? '', 'base64').toString('hex');
}

describe('checksums', () => {
  // The check values of the CRC catalogues: what "123456789" gives.
  it.each([
    ['crc32', 'cbf43926'],
    ['crc32c', 'e3069283'],
    ['crc64nvme', 'ae8b14860a799888'],
    ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ] as const)('by %s give the published check value', (algorithm, expected) => {
    expect(checksum(algorithm, '123456789')).toBe(expected);
  });

  it.each(CHECKSUM_ALGORITHMS)('by %s do not depend on how the bytes come in', (algorithm) => {
    expect(checksum(algorithm, '1234', '', '56789')).toBe(checksum(algorithm, '123456789'));
  });
});

describe('aws-chunked bodies', () => {
  async function decode(pieces: readonly Buffer[]) {
    const trailers: Record<string, string> = {};
    const source = (async function* () {
      yield* pieces;
    })();
    const chunks: Buffer[] = [];
    for await (const chunk of decodeAwsChunked(source, (name, value) => {
      trailers[name] = value;
    })) {
      chunks.push(chunk);
    }
    return { body: Buffer.concat(chunks).toString('latin1'), trailers };
  }

  it('decode to the same bytes and trailers wherever the network cuts them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 5 }),
        fc.array(fc.nat(400), { maxLength: 8 }),
        async (chunks, cuts) => {
          const parts = chunks.flatMap((chunk) => [
            Buffer.from(`${chunk.length.toString(16)};chunk-signature=${'0'.repeat(64)}\r\n`),
            Buffer.from(chunk),
            Buffer.from('\r\n'),
          ]);
          const whole = Buffer.concat([...parts, Buffer.from('0\r\nX-Amz-Checksum-Crc32:AAAAAA==\r\n\r\n')]);
          const bounds = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
          const pieces = bounds.slice(1).map((end, i) => whole.subarray(bounds[i], end));
          expect(await decode(pieces)).toEqual({
            body: Buffer.concat(chunks).toString('latin1'),
            trailers: { 'x-amz-checksum-crc32': 'AAAAAA==' },
          });
        },
      ),
    );
  });

  it.each([
    ['a body that ends within a chunk', '5\r\nabc', 'IncompleteBody'],
    ['a body without the last chunk', '3\r\nabc\r\n', 'IncompleteBody'],
    ['an empty body', '', 'IncompleteBody'],
    ['a size that is no number', 'xyz\r\nabc\r\n0\r\n\r\n', 'InvalidChunkSizeError'],
    ['a chunk longer than its size', '2\r\nabc\r\n0\r\n\r\n', 'InvalidChunkSizeError'],
    ['a header without end', 'a'.repeat(10_000), 'InvalidChunkSizeError'],
  ])('are refused for %s', async (_title, text, code) => {
    await expect(decode([Buffer.from(text)])).rejects.toMatchObject({ code });
  });
});
