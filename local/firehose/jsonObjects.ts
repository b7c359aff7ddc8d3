/** Finds the JSON values that follow each other in a record, with or without anything between them. */

/** The text is not a sequence of JSON values. */
export class MalformedJsonError extends Error {
  override readonly name = 'MalformedJsonError';
}

/**
 * Parses all JSON values of a text. Lines that hold one value each are the fast way; anything else that is allowed
 * (`{..}{..}`, one value over several lines) takes the slow one.
 * @throws MalformedJsonError
 */
export function parseJsonSequence(text: string): unknown[] {
  try {
    const values: unknown[] = [];
    for (const line of text.split('\n')) {
      // A line may end with \r, and the last one is empty.
      if (line.trim() !== '') values.push(JSON.parse(line));
    }
    return values;
  } catch {
    return [...scan(text)].map((part) => {
      try {
        return JSON.parse(part);
      } catch (cause) {
        throw new MalformedJsonError('Encountered malformed JSON.', { cause });
      }
    });
  }
}

/** Cuts the text into its top-level objects and arrays, and whatever stands between them. */
function* scan(text: string): Generator<string> {
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index++;
      else if (character === '"') inString = false;
    } else if (character === '"') {
      inString = true;
    } else if (character === '{' || character === '[') {
      if (depth === 0 && text.slice(start, index).trim() !== '') yield text.slice(start, index);
      if (depth === 0) start = index;
      depth++;
    } else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) {
        yield text.slice(start, index + 1);
        start = index + 1;
      }
    }
  }
  if (text.slice(start).trim() !== '') yield text.slice(start);
}
