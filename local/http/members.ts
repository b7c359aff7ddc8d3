/**
 * Reads the members of a JSON request as AWS does: a wrong JSON type is a SerializationException, a missing or
 * unfitting value a ValidationException that names member, value and rule.
 */
import { AwsError } from './awsError';

export type JsonObject = { readonly [member: string]: unknown };

/** True for a JSON object, not for null and not for an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error AWS answers when a member breaks its model's constraint. */
export function validationError(member: string, value: unknown, rule: string): AwsError {
  const shown = value === undefined || value === null ? 'null' : `'${value}'`;
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value ${shown} at '${lowerFirst(member)}' failed to satisfy constraint: Member must ${rule}`,
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function wrongType(member: string, value: unknown, expected: string): AwsError {
  const actual = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return new AwsError('SerializationException', `${member} is ${actual}, it must be ${expected}`);
}

export interface TextRule {
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

/** A text member, or undefined when absent. */
export function optionalText(input: JsonObject, member: string, rule: TextRule = {}): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(member, value, 'a string');
  if (value.length < 1) throw validationError(member, value, 'have length greater than or equal to 1');
  if (rule.maxLength !== undefined && value.length > rule.maxLength) {
    throw validationError(member, value, `have length less than or equal to ${rule.maxLength}`);
  }
  if (rule.pattern && !rule.pattern.test(value)) {
    throw validationError(member, value, `satisfy regular expression pattern: ${rule.pattern.source}`);
  }
  if (rule.oneOf && !rule.oneOf.includes(value)) {
    throw validationError(member, value, `satisfy enum value set: [${rule.oneOf.join(', ')}]`);
  }
  return value;
}

/** A text member that must be there. */
export function requiredText(input: JsonObject, member: string, rule: TextRule = {}): string {
  const value = optionalText(input, member, rule);
  if (value === undefined) throw validationError(member, value, 'not be null');
  return value;
}

/** An integer member between the bounds, or undefined when absent. */
export function optionalInteger(
  input: JsonObject,
  member: string,
  minimum: number,
  maximum: number,
): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(member, value, 'an integer');
  if (value < minimum) throw validationError(member, value, `have value greater than or equal to ${minimum}`);
  if (value > maximum) throw validationError(member, value, `have value less than or equal to ${maximum}`);
  return value;
}

/** An integer member that must be there. */
export function requiredInteger(input: JsonObject, member: string, minimum: number, maximum: number): number {
  const value = optionalInteger(input, member, minimum, maximum);
  if (value === undefined) throw validationError(member, value, 'not be null');
  return value;
}

/** A list member of objects that must be there. */
export function objectList(input: JsonObject, member: string): readonly JsonObject[] {
  const value = input[member];
  if (value === undefined || value === null) throw validationError(member, value, 'not be null');
  if (!Array.isArray(value)) throw wrongType(member, value, 'a list');
  for (const item of value) if (!isObject(item)) throw wrongType(`a member of ${member}`, item, 'an object');
  return value;
}

/** A list member of texts; empty when absent. */
export function textList(input: JsonObject, member: string): readonly string[] {
  const value = input[member] ?? [];
  if (!Array.isArray(value)) throw wrongType(member, value, 'a list');
  for (const item of value)
    if (typeof item !== 'string') throw wrongType(`a member of ${member}`, item, 'a string');
  return value;
}

/**
 * A blob member (base64 text) that must be there.
 * @throws AwsError SerializationException when it is not base64
 */
export function requiredBlob(input: JsonObject, member: string): Buffer {
  const value = input[member];
  if (value === undefined || value === null) throw validationError(member, value, 'not be null');
  if (typeof value !== 'string') throw wrongType(member, value, 'base64 text');
  const bytes = Buffer.from(value, 'base64');
  // Buffer.from skips what is no base64, so the length tells: 4 characters hold 3 bytes, less the padding.
  const padding = value.endsWith('==') ? 2 : value.endsWith('=') ? 1 : 0;
  if (value.length % 4 !== 0 || bytes.length !== (value.length / 4) * 3 - padding) {
    throw new AwsError('SerializationException', `${member} is not base64: ${value.slice(0, 40)}`);
  }
  return bytes;
}
