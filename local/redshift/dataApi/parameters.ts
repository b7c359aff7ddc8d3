/** Named parameters: `:name` in the SQL, bound as text that Redshift casts to what the place wants. */
import { AwsError } from '../../http/awsError';
import type { Token } from '../sql/lexer';
import { stringLiteral, tokenize } from '../sql/lexer';

export interface SqlParameter {
  readonly name: string;
  readonly value: string;
}

/**
 * Puts values in the place of parameters.
 * @throws AwsError ValidationException when a parameter has no value, or a value no parameter in any statement
 */
export function bindParameters(sqls: readonly string[], parameters: readonly SqlParameter[]): string[] {
  const values = new Map(parameters.map(({ name, value }) => [name, value]));
  const unused = new Set(values.keys());
  const bound = sqls.map((sql) => {
    let text = '';
    let end = 0;
    for (const token of parametersOf(sql)) {
      const value = values.get(token.value);
      if (value === undefined) {
        throw new AwsError(
          'ValidationException',
          `Parameter "${token.value}" of the SQL statement has no value.`,
        );
      }
      unused.delete(token.value);
      text += sql.slice(end, token.start) + stringLiteral(value.replaceAll('\\', '\\\\'));
      end = token.end;
    }
    return text + sql.slice(end);
  });
  if (unused.size > 0) {
    throw new AwsError(
      'ValidationException',
      `Parameters list contains unused parameters. Unused parameters: ${JSON.stringify([...unused])}`,
    );
  }
  return bound;
}

/** A statement that cannot be tokenized has no parameters; running it says what is wrong with it. */
function parametersOf(sql: string): Token[] {
  try {
    return tokenize(sql).filter(({ kind }) => kind === 'parameter');
  } catch {
    return [];
  }
}
