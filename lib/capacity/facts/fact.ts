/** A figure this project relies on, with where it comes from and how far to trust it. */

/**
 * - `documented`: from AWS documentation.
 * - `third-party`: from a copy of AWS price data that somebody else keeps.
 * - `own`: engineering knowledge or a planning choice of this project, checked against no page.
 */
export type Standing = 'documented' | 'third-party' | 'own';

export interface Fact {
  readonly value: number;
  readonly unit: string;
  readonly standing: Standing;
  readonly source: string;
}

export function documented(value: number, unit: string, source: string): Fact {
  return { value, unit, standing: 'documented', source };
}

export function thirdParty(value: number, unit: string, source: string): Fact {
  return { value, unit, standing: 'third-party', source };
}

export function own(value: number, unit: string, source: string): Fact {
  return { value, unit, standing: 'own', source };
}
