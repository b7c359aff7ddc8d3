/** Rules for numbers of the configuration, in words for whoever wrote one that breaks them. */
import { z } from 'zod';

/** A whole number. */
export const integer = () => z.number().int('must be a whole number');

/** A whole number from `low` to `high`, both included. */
export const between = (low: number, high: number) =>
  integer().min(low, `must be at least ${low}`).max(high, `must be at most ${high}`);
