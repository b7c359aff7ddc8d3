/** The same traffic sent in other ways, side by side. */
import type { EnvironmentConfig } from '../config';
import { CapacityError } from './error';
import { planCapacity } from './plan';
import type { CapacityPlan } from './types';

export interface Alternative {
  readonly name: string;
  /** Undefined when a quota forbids it; `refusal` then says which. */
  readonly plan: CapacityPlan | undefined;
  readonly refusal: readonly string[];
}

/** What a producer reaches when the configuration itself does not pack or compress. */
const USUAL_PACKING = { packBytes: 512_000, compressionRatio: 8 } as const;

/**
 * Unpacked, packed, packed and gzipped on shards; packed and gzipped on demand. All else as configured, except that
 * `stream.scaling`, whose floor and ceiling are made for the configured traffic, is left out where that differs.
 */
export function alternativesOf(config: EnvironmentConfig): Alternative[] {
  const packBytes = config.packing.packBytes > 0 ? config.packing.packBytes : USUAL_PACKING.packBytes;
  const compressionRatio =
    config.packing.compression === 'gzip' ? config.packing.compressionRatio : USUAL_PACKING.compressionRatio;
  const none = { compression: 'none', compressionRatio: 1 } as const;
  const gzip = { compression: 'gzip', compressionRatio } as const;
  return [
    alternative('one event a record', config, { packBytes: 0, ...none }, 'provisioned'),
    alternative('packed', config, { packBytes, ...none }, 'provisioned'),
    alternative('packed, gzip', config, { packBytes, ...gzip }, 'provisioned'),
    alternative('packed, gzip, on-demand', config, { packBytes, ...gzip }, 'on-demand'),
  ];
}

function alternative(
  name: string,
  config: EnvironmentConfig,
  packing: Partial<EnvironmentConfig['packing']>,
  mode: EnvironmentConfig['stream']['mode'],
): Alternative {
  const isConfigured =
    mode === config.stream.mode &&
    packing.packBytes === config.packing.packBytes &&
    packing.compressionRatio === config.packing.compressionRatio;
  try {
    const plan = planCapacity({
      ...config,
      packing: { ...config.packing, ...packing },
      stream: { ...config.stream, mode, scaling: isConfigured ? config.stream.scaling : undefined },
    });
    return { name, plan, refusal: [] };
  } catch (error) {
    if (!(error instanceof CapacityError)) throw error;
    return { name, plan: undefined, refusal: error.problems };
  }
}
