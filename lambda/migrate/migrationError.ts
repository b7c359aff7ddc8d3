/** The schema that is asked for cannot be had, or Redshift refused a step towards it, which left nothing behind. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}
