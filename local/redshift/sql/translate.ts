/** Translates a parsed query, INSERT, UPDATE, DELETE or MERGE to DuckDB. What is not known to be right is refused. */
import { NotSupportedLocallyError, RedshiftError } from '../redshiftError';
import { AGGREGATES, aggregate, windowFunction } from './aggregates';
import { type Ast, type AstObject, bodyOf, expression, isAstObject, kindOf, literalOf, nameOf } from './ast';
import { datePartByName } from './dateParts';
import { extract, SCALAR_FUNCTIONS, scalarCall } from './functions';
import { stringLiteral } from './lexer';
import { numberOperand, OPERATORS, operator } from './operators';
import { outputName, withAlias } from './outputNames';
import { type Relations, relationsOf } from './relations';
import { navigateFrom } from './superNavigation';
import { redshiftType } from './types';

/** What a statement may ask about its session. */
export interface SessionFacts {
  readonly user: string;
  readonly database: string;
  readonly lastCopyCount: number;
}

/** A node that is translated by translating its parts. */
const PLAIN_KINDS = new Set(
  `select subquery union intersect except alias star literal boolean null paren and or not exists is_null is_true
   is_false neg tuple values interval at_time_zone identifier var dot any all column table insert update delete
   merge whens when with bitwise_and bitwise_or bitwise_xor bitwise_not rollup cube grouping_sets`.split(
    /\s+/,
  ),
);

/** Single-key objects that are no expressions. */
const PLAIN_MEMBERS = new Set([
  'this',
  'expressions',
  'columns',
  'ctes',
  'Preceding',
  'Following',
  'whens',
  'value',
]);

/** Functions the parser gives a kind of their own, with the members that hold the arguments. */
const TYPED_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  mod_func: ['this', 'expression'],
  power: ['this', 'expression'],
  nvl: ['this', 'expression'],
  nvl2: ['this', 'true_value', 'false_value'],
  substring: ['this', 'start', 'length'],
  str_position: ['this', 'substr'],
  add_months: ['this', 'expression'],
};
const RENAMED_KINDS: Readonly<Record<string, string>> = { mod_func: 'mod', str_position: 'strpos' };

/** Members that change what a node means and that nothing here translates. */
const REFUSED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  select: ['into', 'distinct_on', 'connect', 'hint', 'sample', 'lateral_views', 'locks', 'sort_by', 'fetch'],
  table: ['table_sample', 'when', 'hints', 'only', 'final_', 'partitions'],
};

class Translator {
  constructor(
    private readonly session: SessionFacts,
    private readonly relations: Relations,
  ) {}

  translate(node: Ast): Ast {
    if (Array.isArray(node)) return node.map((item) => this.translate(item));
    if (!isAstObject(node)) return node;
    if (isIdentifier(node)) return { ...node, quoted: true };
    const kind = kindOf(node);
    if (kind === undefined || PLAIN_MEMBERS.has(kind)) return this.translateMembers(node);
    return this.translateExpression(kind, node);
  }

  private translateMembers(node: AstObject): AstObject {
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, this.translate(value)]));
  }

  private translateExpression(kind: string, node: AstObject): Ast {
    const body = bodyOf(node, kind) ?? {};
    this.refuseMembers(kind, body);
    if (OPERATORS.has(kind)) return operator(kind, this.translateMembers(body));
    if (AGGREGATES.has(kind)) return aggregate(kind, this.translateMembers(body));
    switch (kind) {
      case 'column':
        return this.column(body);
      case 'table':
        return this.relations.navigations.has(body)
          ? navigateFrom(body)
          : { table: this.translateMembers(body) };
      case 'select':
        return { select: this.select(body) };
      case 'function':
      case 'aggregate_function':
        return this.call((nameOf(body.name) ?? '').toLowerCase(), body.args);
      case 'window_function':
      case 'within_group':
        return windowFunction(node, (inner) => this.translate(inner));
      case 'cast':
        return this.cast(body);
      case 'subscript':
        return { subscript: { ...this.translateMembers(body), index: this.oneBased(body.index ?? null) } };
      case 'extract':
        return extract(datePartByName(extractField(body.field)), this.translate(body.this ?? null));
      case 'trim':
        return this.trim(body);
      case 'regexp_like':
        return expression('regexp_matches({0}, {1})', [
          this.translate(body.this ?? null),
          this.translate(body.pattern ?? null),
        ]);
      case 'neg':
        return { neg: { ...body, this: numberOperand(this.translate(body.this ?? null)) } };
    }
    const members = Object.hasOwn(TYPED_FUNCTIONS, kind) ? TYPED_FUNCTIONS[kind] : undefined;
    if (members)
      return this.call(RENAMED_KINDS[kind] ?? kind, present(members.map((member) => body[member])));
    if (PLAIN_KINDS.has(kind)) return { [kind]: this.translate(node[kind] ?? null) };
    if (Object.hasOwn(SCALAR_FUNCTIONS, kind))
      return this.call(kind, body.expressions ?? present([body.this]));
    throw new NotSupportedLocallyError(`"${kind.replaceAll('_', ' ')}"`);
  }

  private refuseMembers(kind: string, body: AstObject): void {
    for (const member of REFUSED_MEMBERS[kind] ?? []) {
      const value = body[member];
      const isEmpty = value === null || value === undefined || value === false;
      if (isEmpty || (Array.isArray(value) && value.length === 0)) continue;
      throw new NotSupportedLocallyError(`"${member.replace(/_$/, '').replaceAll('_', ' ')}" in a ${kind}`);
    }
  }

  private call(name: string, args: Ast | undefined): Ast {
    const translated = (Array.isArray(args) ? args : []).map((arg) => this.translate(arg));
    switch (name) {
      case 'current_user':
      case 'session_user':
        return expression(stringLiteral(this.session.user));
      case 'current_database':
        return expression(stringLiteral(this.session.database));
      case 'current_schema':
        return expression("'public'");
      case 'pg_last_copy_count':
        return expression(`CAST(${this.session.lastCopyCount} AS BIGINT)`);
      default:
        return scalarCall(name, translated);
    }
  }

  private column(body: AstObject): Ast {
    if (!body.table && nameOf(body.name) === 'user') return this.call('current_user', []);
    return { column: this.translateMembers(body) };
  }

  /** Every output column gets the name Redshift would give it: the translated expression has another shape. */
  private select(body: AstObject): AstObject {
    const translated = this.translateMembers(body);
    const originals = Array.isArray(body.expressions) ? body.expressions : [];
    const outputs = Array.isArray(translated.expressions) ? translated.expressions : [];
    return {
      ...translated,
      expressions: outputs.map((output, index) => {
        const name = outputName(originals[index] ?? null);
        return name === undefined ? output : withAlias(output, name);
      }),
    };
  }

  private cast(body: AstObject): Ast {
    const value = this.translate(body.this ?? null);
    const type = redshiftType(isAstObject(body.to) ? body.to : {});
    if (type.duckDb !== 'VARCHAR') return expression(`CAST({0} AS ${type.duckDb})`, [value]);
    const asText = expression('rs_as_text({0})', [value]);
    return type.maxBytes === undefined
      ? asText
      : expression(`rs_truncate_bytes({0}, ${type.maxBytes})`, [asText]);
  }

  /** SUPER arrays begin at 0, DuckDB's at 1. */
  private oneBased(index: Ast): Ast {
    const literal = literalOf(index);
    if (literal?.type === 'number' && /^\d+$/.test(literal.value))
      return expression(`${Number(literal.value) + 1}`);
    return expression('CASE WHEN {0} >= 0 THEN {0} + 1 END', [this.translate(index)]);
  }

  private trim(body: AstObject): Ast {
    const name = { Leading: 'ltrim', Trailing: 'rtrim', Both: 'btrim' }[String(body.position)];
    if (!name) throw new RedshiftError(`TRIM does not know the side "${body.position}"`);
    return this.call(name, present([body.this, body.characters]));
  }
}

/** Identifiers are quoted throughout: what is a plain word to Redshift may be a keyword of DuckDB. */
function isIdentifier(node: AstObject): boolean {
  return typeof node.name === 'string' && node.quoted === false && 'span' in node && !('args' in node);
}

function present(values: readonly (Ast | undefined)[]): Ast[] {
  return values.filter((value): value is Ast => value !== null && value !== undefined);
}

/** EXTRACT's field is a camel-case name or `{ Custom: name }`. */
function extractField(field: Ast | undefined): string {
  const name = isAstObject(field) ? field.Custom : field;
  return String(name);
}

export interface Translation {
  readonly statement: AstObject;
  readonly relations: Relations;
}

/**
 * Translates a statement.
 * @throws RedshiftError when it is wrong, NotSupportedLocallyError when it may be right but is not known here
 */
export function translate(statement: AstObject, session: SessionFacts): Translation {
  const relations = relationsOf(statement);
  const translated = new Translator(session, relations).translate(statement);
  return { statement: isAstObject(translated) ? translated : statement, relations };
}
