/** A few questions an analyst would ask, in Redshift SQL. */
import { WAREHOUSE } from '../../lib/contract/names';
import type { ResultRow } from './warehouseClient';

/** A question with its SQL. */
export interface Question {
  readonly title: string;
  readonly sql: string;
  /** Columns of amounts of money, which are shown with their cents. */
  readonly money?: readonly string[];
}

/** A question with its rows. */
export interface Answer extends Question {
  readonly rows: readonly ResultRow[];
}

const EVENTS = `${WAREHOUSE.analysisSchema}.events`;
const PEOPLE = 'NOT is_bot';

/** What the local run asks at its end. */
export const QUESTIONS: readonly Question[] = [
  {
    title: 'Page views and visitors by day (the last seven with any)',
    sql: `SELECT TO_CHAR(event_time, 'YYYY-MM-DD') AS day, COUNT(*) AS page_views, COUNT(DISTINCT visitor_id) AS visitors
      FROM ${EVENTS} WHERE event_name = 'page_view' AND ${PEOPLE} GROUP BY 1 ORDER BY 1 DESC LIMIT 7`,
  },
  {
    title: 'Most viewed pages',
    sql: `SELECT site_id, page_path, COUNT(*) AS page_views, COUNT(DISTINCT visitor_id) AS visitors
      FROM ${EVENTS} WHERE event_name = 'page_view' AND ${PEOPLE} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 7`,
  },
  {
    title: 'Where page views come from',
    sql: `SELECT NVL(utm_medium, referrer_medium, 'direct') AS channel,
        NVL(utm_source, referrer_source, referrer_host) AS source,
        COUNT(*) AS page_views, COUNT(DISTINCT visitor_id) AS visitors
      FROM ${EVENTS} WHERE event_name = 'page_view' AND ${PEOPLE} AND NVL(referrer_medium, '') <> 'internal'
      GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 7`,
  },
  {
    title: 'Purchases',
    money: ['revenue'],
    sql: `SELECT site_id, currency, COUNT(*) AS purchases, COUNT(DISTINCT visitor_id) AS buyers, SUM(event_value) AS revenue
      FROM ${EVENTS} WHERE event_name = 'purchase' AND ${PEOPLE} GROUP BY 1, 2 ORDER BY 5 DESC LIMIT 7`,
  },
  {
    title: 'Devices, bots among them',
    sql: `SELECT NVL(device_class, '(no user agent)') AS device_class, COUNT(*) AS events,
        COUNT(DISTINCT visitor_id) AS visitors, ROUND(100.0 * COUNT(*) / SUM(COUNT(*)) OVER (), 1) AS percent
      FROM ${EVENTS} GROUP BY 1 ORDER BY 2 DESC LIMIT 7`,
  },
];

/** Asks all questions; one without rows has none to show and is left out. */
export async function askQuestions(query: (sql: string) => Promise<ResultRow[]>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const question of QUESTIONS) {
    const rows = await query(question.sql);
    if (rows.length > 0) answers.push({ ...question, rows });
  }
  return answers;
}
