/** Writes `docs/models.md`: the tables from the comments of their columns, the rest from scripts/docs/models.md. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..');

/** A column that analysts see. */
export interface ModelColumn {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
}

/** A model as analysts see it. */
export interface Model {
  /** Without its schema. */
  readonly name: string;
  readonly meaning: string;
  readonly columns: readonly ModelColumn[];
}

/** Models by the name of their view, with that of the table which their comments are on. */
const TABLES = {
  page_views: 'page_views',
  sessions: 'sessions',
  visitors: 'visitors',
  events_daily: 'events_daily',
  site_traffic: 'site_traffic_hours',
} as const;

/** Of the tables, columns that the views leave out. */
const INTERNAL = /^(chain_\w+|started_hour)$/;

const EXAMPLES: Readonly<Record<keyof typeof TABLES, readonly [title: string, sql: string]>> = {
  page_views: [
    'Where visitors go from the home page',
    `SELECT next_page_path, COUNT(*) AS views, AVG(engaged_seconds) AS seconds_before
FROM analysis.page_views
WHERE page_path = '/'
GROUP BY 1 ORDER BY 2 DESC LIMIT 10;`,
  ],
  sessions: [
    'Which channel brings visits that end in a purchase',
    `SELECT channel, COUNT(*) AS sessions, SUM(CASE WHEN purchase_count > 0 THEN 1 ELSE 0 END) AS with_purchase,
  ROUND(100.0 * SUM(CASE WHEN purchase_count > 0 THEN 1 ELSE 0 END) / COUNT(*), 1) AS percent
FROM analysis.sessions
WHERE started_at >= DATEADD(day, -30, GETDATE())
GROUP BY 1 ORDER BY 3 DESC;`,
  ],
  visitors: [
    'All sessions of the people behind the visitors, from before they logged in, too',
    `SELECT v.user_id, COUNT(*) AS sessions, MIN(s.started_at) AS first_session, SUM(s.purchase_count) AS purchases
FROM analysis.visitors v
JOIN analysis.sessions s ON s.visitor_id = v.visitor_id AND s.site_id = v.site_id
WHERE v.user_id IS NOT NULL
GROUP BY 1 ORDER BY 4 DESC LIMIT 10;`,
  ],
  events_daily: [
    'Events and distinct visitors by week: sketches add up',
    `SELECT DATE_TRUNC('week', event_date) AS week, event_name, SUM(event_count) AS events,
  HLL_CARDINALITY(HLL_COMBINE(visitors)) AS visitors
FROM analysis.events_daily
GROUP BY 1, 2 ORDER BY 1, 3 DESC;`,
  ],
  site_traffic: [
    'Sessions, bounces and distinct visitors by site and day',
    `SELECT site_id, local_date, SUM(session_count) AS sessions,
  ROUND(100.0 * SUM(bounce_count) / SUM(session_count), 1) AS bounce_percent,
  HLL_CARDINALITY(HLL_COMBINE(visitors)) AS visitors
FROM analysis.site_traffic
GROUP BY 1, 2 ORDER BY 1, 2;`,
  ],
};

/** Statements of the examples, which a test runs. */
export const MODEL_EXAMPLES: readonly string[] = Object.values(EXAMPLES).map(([, sql]) => sql);

/** The models, from the tables' definition and the comments on it. */
export function models(): Model[] {
  const ddl = read('sql/migrations/006-models.sql');
  const meanings = comments(read('sql/models/comments.sql'));
  return Object.entries(TABLES).map(([name, table]) => ({
    name,
    meaning: meanings.get(`models.${table}`) ?? '',
    columns: columnsOf(ddl, table)
      .filter((column) => !INTERNAL.test(column.name))
      .map((column) => ({ ...column, meaning: meanings.get(`models.${table}.${column.name}`) ?? '' })),
  }));
}

/** The page. */
export function modelReference(): string {
  const [before = '', after = ''] = read('scripts/docs/models.md').split('<!-- tables -->\n');
  return `${before}${models().map(chapter).join('\n')}${after}`;
}

function chapter({ name, meaning, columns }: Model): string {
  const [title, sql] = EXAMPLES[name as keyof typeof TABLES];
  const rows = columns.map(
    (column) => `| \`${column.name}\` | ${column.type} | ${column.meaning.replaceAll('|', '\\|')} |`,
  );
  return `### analysis.${name}

${meaning}

| column | type | meaning |
|---|---|---|
${rows.join('\n')}

${title}:

\`\`\`sql
${sql}
\`\`\`
`;
}

function columnsOf(ddl: string, table: string): { name: string; type: string }[] {
  const body = new RegExp(`CREATE TABLE models\\.${table} \\(\\n([\\s\\S]*?)\\n\\)`).exec(ddl)?.[1];
  if (body === undefined) throw new Error(`sql/migrations has no CREATE TABLE models.${table}`);
  return body.split('\n').flatMap((line) => {
    const [, name, type] = /^ {2}(\w+) (.+?)( NOT NULL)?,?$/.exec(line) ?? [];
    return name === undefined || type === undefined ? [] : [{ name, type }];
  });
}

function comments(sql: string): Map<string, string> {
  const found = sql.matchAll(/^COMMENT ON (?:TABLE|COLUMN) (\S+) IS '((?:[^']|'')*)';$/gm);
  return new Map([...found].map(([, name = '', text = '']) => [name, text.replaceAll("''", "'")]));
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
