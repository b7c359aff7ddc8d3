/** Redshift's SQL for the editor: highlighting, and completion from the catalog. */
import { type Completion, type CompletionContext, completeFromList } from '@codemirror/autocomplete';
import { PostgreSQL, SQLDialect, sql } from '@codemirror/lang-sql';
import type { Extension } from '@codemirror/state';
import type { Catalog } from '../../wire';

const { keywords = '', types = '', builtin = '' } = PostgreSQL.spec;

/** Redshift speaks PostgreSQL 8 with words of its own. */
const Redshift = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${keywords} qualify top unload distkey sortkey diststyle encode minus`,
  types: `${types} super hllsketch varbyte timestamptz`,
  builtin: `${builtin} nvl nvl2 decode getdate dateadd datediff date_trunc convert_timezone listagg median len charindex regexp_substr json_parse json_extract_path_text approximate ratio_to_report hll hll_combine hll_cardinality to_char`,
});

/** Words before which the name of a table is expected. */
const BEFORE_TABLE = /\b(?:from|join)\s+["\w.]*$/i;
const WORD = /[\w."]*/;

/**
 * The language with completion of `schema.table`, of columns behind an alias, and of the columns of every table the
 * statement names.
 */
export function redshiftLanguage(catalog: Catalog | undefined): Extension {
  const schema: Record<string, Record<string, string[]>> = {};
  for (const { schema: schemaName, name, columns } of catalog?.tables ?? []) {
    schema[schemaName] ??= {};
    schema[schemaName][name] = columns.map((column) => column.name);
  }
  const language = sql({ dialect: Redshift, schema, upperCaseKeywords: true });
  const tables = (catalog?.tables ?? []).map(
    (table): Completion => ({ label: `${table.schema}.${table.name}`, type: 'class', boost: 2 }),
  );
  const source = (context: CompletionContext) => {
    const word = context.matchBefore(WORD);
    const before = context.state.sliceDoc(Math.max(0, context.pos - 200), context.pos);
    if (BEFORE_TABLE.test(before)) return { from: word?.from ?? context.pos, options: tables };
    const statement = context.state.doc.toString().toLowerCase();
    const named = (catalog?.tables ?? []).filter((table) =>
      statement.includes(`${table.schema}.${table.name}`),
    );
    const columns = named.flatMap(({ name, columns: all }) =>
      all.map(
        (column): Completion => ({
          label: column.name,
          type: 'property',
          detail: `${name}, ${column.type}`,
          boost: 1,
        }),
      ),
    );
    return completeFromList(columns)(context);
  };
  return [language, Redshift.language.data.of({ autocomplete: source })];
}
