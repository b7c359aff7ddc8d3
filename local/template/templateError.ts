/** Says that a template cannot be run on this machine, and where in it the reason stands. */

/** A place in a template. */
export interface TemplateLocation {
  readonly stack: string;
  /** Logical id of a resource, or the section (`Outputs`, `Conditions`) when it is none. */
  readonly logicalId: string;
  /** Path of the property, such as `Properties.BufferingHints.SizeInMBs`. */
  readonly property?: string;
}

/** Thrown for anything in a template that matters to the local run and is not understood. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  constructor(
    readonly location: TemplateLocation,
    problem: string,
  ) {
    const property = location.property === undefined ? '' : `, property ${location.property}`;
    super(`Template of stack "${location.stack}", ${location.logicalId}${property}: ${problem}`);
  }
}

/** The location one property further down. */
export function below(location: TemplateLocation, key: string | number): TemplateLocation {
  const property = location.property === undefined ? String(key) : `${location.property}.${key}`;
  return { ...location, property };
}
