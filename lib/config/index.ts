/** Environments by name. A new environment is one file in `environments/` and one line here. */
import { dev } from './environments/dev';
import { prod } from './environments/prod';
import { reference } from './environments/reference';
import type { EnvironmentConfig } from './schema';
import { ConfigError, validateConfig } from './validate';

export type { EnvironmentConfig } from './schema';
export { ConfigError, validateConfig } from './validate';

const ENVIRONMENTS: Readonly<Record<string, EnvironmentConfig>> = { dev, prod, reference };

/** Names of all environments. */
export const ENVIRONMENT_NAMES: readonly string[] = Object.keys(ENVIRONMENTS);

/**
 * The validated configuration of an environment.
 * @throws ConfigError when there is no such environment, or its file breaks a rule
 */
export function loadEnvironment(name: string): EnvironmentConfig {
  const config = ENVIRONMENTS[name];
  if (config === undefined) {
    throw new ConfigError(`Environment "${name}"`, [
      `there are: ${ENVIRONMENT_NAMES.join(', ')} (choose with -c env=NAME)`,
    ]);
  }
  return validateConfig(config, `lib/config/environments/${name}.ts`);
}
