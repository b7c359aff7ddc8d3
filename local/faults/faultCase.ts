/** A named fault: what it stands for, what a drill does, and what must be seen. */
import type { Drill } from './drill';
import type { Surroundings } from './surroundings';

export interface FaultCase {
  /** Lower case with hyphens; names the case on the command line. */
  readonly name: string;
  /** What happens on AWS. */
  readonly standsFor: string;
  /** What the drill does about it. */
  readonly injects: string;
  /** What tells somebody of it. */
  readonly seenBy: string;
  readonly surroundings: Surroundings;
  /** Events it needs at least. @default none */
  readonly leastEvents?: number;
  /** Sends the traffic, lets things go wrong, and leaves everything in the warehouse. Notes its signals. */
  run(drill: Drill): Promise<void>;
}
