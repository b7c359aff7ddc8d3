/** Reads a function's environment variables, once, at start. */

/**
 * The value of an environment variable.
 * @throws Error when it is missing or empty: a wrong deployment should fail at start, not on the first event
 */
export function requireEnv(name: string, env: NodeJS.ProcessEnv = process.env): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`Environment variable ${name} is not set`);
  return value;
}

/**
 * The value of an environment variable that holds a positive number.
 * @throws Error when it is missing or no positive number
 */
export function requirePositiveNumber(name: string, env: NodeJS.ProcessEnv = process.env): number {
  const text = requireEnv(name, env);
  const value = Number(text);
  if (!(value > 0))
    throw new Error(`Environment variable ${name} is "${text}", it must be a number greater than 0`);
  return value;
}
