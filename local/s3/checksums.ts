/** The checksums an upload may carry, computed while its bytes pass. */
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../http/awsError';

/** Names as they end the x-amz-checksum-... headers. */
export const CHECKSUM_ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** A checksum of a whole object, base64. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
}

interface Calculator {
  update(chunk: Buffer): void;
  digest(): Buffer;
}

/** Computes MD5 always, SHA-256 and one checksum when asked. */
export class BodyDigest {
  bytes = 0;
  private readonly md5 = createHash('md5');
  private readonly sha256: Hash | undefined;
  private readonly calculator: Calculator | undefined;

  constructor(
    readonly algorithm: ChecksumAlgorithm | undefined,
    needsSha256: boolean,
  ) {
    this.calculator = algorithm && calculatorFor(algorithm);
    this.sha256 = needsSha256 ? createHash('sha256') : undefined;
  }

  update(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.md5.update(chunk);
    this.sha256?.update(chunk);
    this.calculator?.update(chunk);
  }

  /** Ends the computation; call once. */
  finish(): {
    readonly md5: Buffer;
    readonly sha256Hex: string | undefined;
    readonly checksum: Checksum | undefined;
  } {
    return {
      md5: this.md5.digest(),
      sha256Hex: this.sha256?.digest('hex'),
      checksum:
        this.algorithm && this.calculator
          ? { algorithm: this.algorithm, value: this.calculator.digest().toString('base64') }
          : undefined,
    };
  }
}

/**
 * The algorithm named by a header such as x-amz-checksum-crc32.
 * @throws AwsError InvalidRequest for one that S3 does not know
 */
export function parseAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name.toLowerCase());
  if (algorithm) return algorithm;
  throw new AwsError(
    'InvalidRequest',
    `Checksum algorithm ${name} is unknown, it must be one of ${CHECKSUM_ALGORITHMS.join(', ')}`,
  );
}

function calculatorFor(algorithm: ChecksumAlgorithm): Calculator {
  switch (algorithm) {
    case 'crc32': {
      let value = 0;
      return {
        update: (chunk) => {
          value = crc32(chunk, value);
        },
        digest: () => bigEndian(value),
      };
    }
    case 'crc32c':
      return crc32c();
    case 'crc64nvme':
      return crc64nvme();
    case 'sha1':
    case 'sha256':
      return createHash(algorithm);
  }
}

function bigEndian(...words: number[]): Buffer {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [i, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, 4 * i);
  return bytes;
}

/** Castagnoli's polynomial, reflected (RFC 3720). */
const CRC32C_POLYNOMIAL = 0x82f63b78;
/** High and low half of the NVMe polynomial, reflected (NVM Express NVM Command Set Specification). */
const CRC64_POLYNOMIAL_HIGH = 0x9a6c9329;
const CRC64_POLYNOMIAL_LOW = 0xac4bc9b5;

const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ CRC32C_POLYNOMIAL : value >>> 1;
  return value;
});

function crc32c(): Calculator {
  let value = 0xffffffff;
  return {
    update: (chunk) => {
      for (const byte of chunk) value = (value >>> 8) ^ (CRC32C_TABLE[(value ^ byte) & 0xff] ?? 0);
    },
    digest: () => bigEndian(~value),
  };
}

const CRC64_TABLE_HIGH = new Uint32Array(256);
const CRC64_TABLE_LOW = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (isOdd) {
      high ^= CRC64_POLYNOMIAL_HIGH;
      low ^= CRC64_POLYNOMIAL_LOW;
    }
  }
  CRC64_TABLE_HIGH[byte] = high;
  CRC64_TABLE_LOW[byte] = low;
}

/** In two 32-bit halves: BigInt would be twenty times slower. */
function crc64nvme(): Calculator {
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update: (chunk) => {
      for (const byte of chunk) {
        const index = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (CRC64_TABLE_LOW[index] ?? 0);
        high = (high >>> 8) ^ (CRC64_TABLE_HIGH[index] ?? 0);
      }
    },
    digest: () => bigEndian(~high, ~low),
  };
}
