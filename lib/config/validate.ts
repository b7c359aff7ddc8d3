/** Turns a raw configuration into a validated one, or into one error that lists every problem. */
import type { z } from 'zod';
import { CROSS_FIELD_RULES } from './rules';
import { type EnvironmentConfig, environmentConfigSchema } from './schema';

/** Thrown when a configuration is wrong; the message lists all problems, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    summary: string,
    readonly problems: readonly string[],
  ) {
    super(`${summary}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
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
  const issues = result.success ? [] : result.error.issues;
  const problems = [
    ...issues.flatMap((issue) => describe(issue, input)),
    ...brokenRules(result.data ?? input, issues),
  ];
  if (result.success && problems.length === 0) return result.data;
  throw new ConfigError(`${source} is not a valid configuration`, problems);
}

/** Rules between settings are checked wherever all settings they read are sound, whatever else is wrong. */
function brokenRules(input: unknown, issues: readonly z.core.$ZodIssue[]): string[] {
  // An unknown key leaves its neighbours as they are.
  const unsound = issues
    .filter((issue) => issue.code !== 'unrecognized_keys')
    .map((issue) => issue.path.join('.'));
  const isSound = (path: string) =>
    !unsound.some((wrong) => wrong === '' || wrong === path || path.startsWith(`${wrong}.`));
  return CROSS_FIELD_RULES.filter((rule) => rule.reads.every(isSound)).flatMap((rule) => {
    // Not all of the input is valid, but all that the rule reads is.
    const broken = rule.check(input as EnvironmentConfig);
    return broken === undefined
      ? []
      : [problem(broken.path, valueAt(input, broken.path.split('.')), broken.message)];
  });
}

function describe(issue: z.core.$ZodIssue, input: unknown): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...issue.path, key].join('.')}: is not a known setting`);
  }
  const path = issue.path.join('.') || '(whole configuration)';
  return [problem(path, valueAt(input, issue.path), ruleOf(issue))];
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (node, key) => (typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined),
    input,
  );
}

/** @param rule as "must ..." */
function problem(path: string, value: unknown, rule: string): string {
  if (value === undefined) return `${path}: is missing, it ${rule}`;
  return `${path}: ${shown(value)} ${rule}`;
}

/** JSON has no NaN or Infinity and writes them as null. */
function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith('must ')) return issue.message;
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}`;
  return `must be valid (${issue.message})`;
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
