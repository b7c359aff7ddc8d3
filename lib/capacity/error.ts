/** Refusal of a configuration that AWS would refuse, or throttle, later. */

/** Thrown when a plan passes a quota; the message lists every such quota, one a line. */
export class CapacityError extends Error {
  override readonly name = 'CapacityError';
  constructor(
    environment: string,
    readonly problems: readonly string[],
  ) {
    super(
      `Environment "${environment}" cannot be built:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
}

/** What a stage's planning found: its numbers, the quotas they pass, and what to know before deploying. */
export interface StageResult<Plan> {
  readonly plan: Plan;
  /** Quotas passed, each with its name, the demand and the way out. Any of them refuses the configuration. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}
