/** Turns a raw configuration into a validated one, or into one error that lists every problem. */
import type { z } from 'zod';
import { type EnvironmentConfig, environmentConfigSchema } from './schema';

/** Thrown when a configuration is wrong; the message lists all problems, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    source: string,
    readonly problems: readonly string[],
  ) {
    super(`${source} is not a valid configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/**
 * Validates a configuration.
 * @param input what the environment file holds
 * @param source how to name it in the error, such as "lib/config/environments/dev.ts"
 * @throws ConfigError naming path, value and rule of every problem
 */
export function validateConfig(input: unknown, source: string): EnvironmentConfig {
  const result = environmentConfigSchema.safeParse(input);
  if (result.success) return result.data;
  throw new ConfigError(
    source,
    result.error.issues.flatMap((issue) => describe(issue, input)),
  );
}

function describe(issue: z.core.$ZodIssue, input: unknown): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...issue.path, key].join('.')}: is not a known setting`);
  }
  const value = issue.path.reduce<unknown>(
    (node, key) => (typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined),
    input,
  );
  const path = issue.path.join('.') || '(whole configuration)';
  if (value === undefined) return [`${path}: is missing${ruleOf(issue)}`];
  return [`${path}: ${JSON.stringify(value)} ${ruleOf(issue).replace(/^, it /, '')}`];
}

function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith('must ')) return `, it ${issue.message}`;
  if (issue.code === 'invalid_type') return `, it must be ${article(issue.expected)}`;
  return `, it must be valid (${issue.message})`;
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
