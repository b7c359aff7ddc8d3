/** Environments by name. A new environment is one file in `environments/` and one line here. */
import { dev } from './environments/dev';
import { prod } from './environments/prod';
import { reference } from './environments/reference';
import type { EnvironmentConfig, EnvironmentFile } from './schema';
import { ConfigError, validateConfig } from './validate';

export type { EnvironmentConfig } from './schema';
export { ConfigError, validateConfig } from './validate';

const ENVIRONMENTS: ReadonlyMap<string, EnvironmentFile> = new Map(Object.entries({ dev, prod, reference }));

/** Names of all environments. */
export const ENVIRONMENT_NAMES: readonly string[] = [...ENVIRONMENTS.keys()];

/**
 * The validated configuration of an environment.
 * @throws ConfigError when there is no such environment, or its file breaks a rule
 */
export function loadEnvironment(name: string): EnvironmentConfig {
  const config = ENVIRONMENTS.get(name);
  if (config === undefined) {
    throw new ConfigError(`There is no environment "${name}"`, [
      `there are: ${ENVIRONMENT_NAMES.join(', ')}`,
    ]);
  }
  return validateConfig(config, `lib/config/environments/${name}.ts`);
}
