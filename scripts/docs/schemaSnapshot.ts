/** Writes `lib/event/schemaSnapshot.json`: the schema that stored data have. It only ever grows. */
import { schemaProblems, storedSchema } from '../../lib/event/schemaChange';
import snapshot from '../../lib/event/schemaSnapshot.json';

/** Stored data would not survive the change of the event definition; the snapshot stays as it is. */
export class SchemaChangeError extends Error {
  override readonly name = 'SchemaChangeError';
}

/**
 * The snapshot for the present event definition, one column a line.
 * @throws SchemaChangeError when stored data would not survive the change since the committed snapshot
 */
export function schemaSnapshot(): string {
  const problems = schemaProblems(snapshot, storedSchema());
  if (problems.length > 0) {
    throw new SchemaChangeError(
      `lib/event/columns.ts breaks data already stored (docs/schema-changes.md):\n- ${problems.join('\n- ')}`,
    );
  }
  const lines = storedSchema().map((column) => {
    const members = Object.entries(column).map(([key, value]) => `"${key}": ${JSON.stringify(value)}`);
    return `  { ${members.join(', ')} }`;
  });
  return `[\n${lines.join(',\n')}\n]\n`;
}
