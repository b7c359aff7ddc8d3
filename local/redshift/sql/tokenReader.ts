/** Reads the tokens of one statement from left to right, for the commands that are parsed by hand. */
import { RedshiftError } from '../redshiftError';
import type { Token } from './lexer';

/** A table, view or other object, with its schema where the statement names one. */
export interface ObjectName {
  readonly schema?: string;
  readonly name: string;
}

/** `schema.name` or `name`, as messages show it. */
export function displayName({ schema, name }: ObjectName): string {
  return schema === undefined ? name : `${schema}.${name}`;
}

export class TokenReader {
  private position = 0;

  constructor(readonly tokens: readonly Token[]) {}

  get next(): Token | undefined {
    return this.tokens[this.position];
  }

  get atEnd(): boolean {
    return this.next === undefined;
  }

  /** What is left, without moving. */
  rest(): readonly Token[] {
    return this.tokens.slice(this.position);
  }

  /** True when the next tokens are these words, in this order. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, offset) => {
      const token = this.tokens[this.position + offset];
      return (token?.kind === 'word' || token?.kind === 'symbol') && token.value === word;
    });
  }

  /** Skips the words when they come next. */
  accept(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.position += words.length;
    return true;
  }

  /** The one of the words that comes next, skipped. */
  acceptOne(...words: readonly string[]): string | undefined {
    return words.find((word) => this.accept(word));
  }

  expect(...words: readonly string[]): void {
    if (!this.accept(...words)) throw this.syntaxError();
  }

  expectOne(...words: readonly string[]): string {
    const word = this.acceptOne(...words);
    if (word === undefined) throw this.syntaxError();
    return word;
  }

  /** Takes whatever comes next. */
  take(): Token {
    const token = this.next;
    if (!token) throw this.syntaxError();
    this.position++;
    return token;
  }

  private takeKind(...kinds: readonly Token['kind'][]): string {
    if (!this.next || !kinds.includes(this.next.kind)) throw this.syntaxError();
    return this.take().value;
  }

  identifier(): string {
    return this.takeKind('word', 'quoted');
  }

  string(): string {
    return this.takeKind('string');
  }

  number(): number {
    return Number(this.takeKind('number'));
  }

  objectName(): ObjectName {
    const first = this.identifier();
    return this.accept('.') ? { schema: first, name: this.identifier() } : { name: first };
  }

  /** One or more, parted by commas. */
  list<T>(read: () => T): T[] {
    const items = [read()];
    while (this.accept(',')) items.push(read());
    return items;
  }

  /** @throws RedshiftError when anything is left */
  expectEnd(): void {
    if (!this.atEnd) throw this.syntaxError();
  }

  syntaxError(): RedshiftError {
    if (this.next) return syntaxErrorAt(this.next);
    return new RedshiftError('syntax error at end of input', (this.tokens.at(-1)?.end ?? 0) + 1);
  }
}

export function syntaxErrorAt(token: Token): RedshiftError {
  return new RedshiftError(`syntax error at or near "${token.value}"`, token.start + 1);
}
