/** Messages as they are sent: their checks and their MD5s. */
import { createHash } from 'node:crypto';
import { isObject, type JsonObject, optionalText, requiredText } from '../http/members';
import { sqsError } from './errors';

/** SQS: bytes of a message and of a batch, attributes counted (1 MiB since August 2025). */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
/** SQS: attributes of a message. */
const MAX_ATTRIBUTES = 10;

/** A message attribute; exactly one of the values is there. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export interface OutgoingMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

/**
 * Reads MessageBody and MessageAttributes.
 * @throws AwsError InvalidMessageContents, InvalidParameterValue
 */
export function readMessage(input: JsonObject): OutgoingMessage {
  const body = requiredText(input, 'MessageBody');
  // Text of XML 1.0: what SQS documents it takes.
  const refused = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.exec(body);
  if (refused) {
    const codePoint = refused[0].codePointAt(0)?.toString(16);
    throw sqsError(
      'InvalidMessageContents',
      `The message contains the character #x${codePoint}, which SQS refuses.`,
    );
  }
  return { body, attributes: readAttributes(input.MessageAttributes) };
}

function readAttributes(input: unknown): OutgoingMessage['attributes'] {
  if (input === undefined || input === null) return {};
  if (!isObject(input)) throw sqsError('InvalidParameterValue', 'MessageAttributes must be an object');
  const names = Object.keys(input);
  if (names.length > MAX_ATTRIBUTES) {
    throw sqsError(
      'InvalidParameterValue',
      `Number of message attributes [${names.length}] exceeds ${MAX_ATTRIBUTES}.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, readAttribute(name, input[name])]));
}

function readAttribute(name: string, input: unknown): MessageAttribute {
  if (!isObject(input))
    throw sqsError('InvalidParameterValue', `Message attribute '${name}' must be an object`);
  const DataType = requiredText(input, 'DataType', { maxLength: 256 });
  const member = DataType.startsWith('Binary') ? 'BinaryValue' : 'StringValue';
  const value = optionalText(input, member);
  if (!/^(String|Number|Binary)(\.|$)/.test(DataType) || value === undefined) {
    throw sqsError(
      'InvalidParameterValue',
      `The message attribute '${name}' of type '${DataType}' must be String, Number or Binary and have a value of that type.`,
    );
  }
  return { DataType, [member]: value };
}

/** Bytes that count against the limit. */
export function messageBytes({ body, attributes }: OutgoingMessage): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, attribute] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + valueBytes(attribute).length;
  }
  return bytes;
}

export function bodyMd5(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/** MD5 over the attributes as SQS documents it; undefined when there are none. */
export function attributesMd5(attributes: OutgoingMessage['attributes']): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (!attribute) continue;
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    hash.update(Buffer.from([attribute.BinaryValue === undefined ? 1 : 2]));
    add(valueBytes(attribute));
  }
  return hash.digest('hex');
}

function valueBytes({ StringValue, BinaryValue }: MessageAttribute): Buffer {
  return BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue, 'base64');
}
