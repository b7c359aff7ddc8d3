/** The console as people see it: a real pipeline, a real browser. */
import { readFileSync } from 'node:fs';
import { source as axeSource } from 'axe-core';
import type { Browser, BrowserContextOptions, Page, Response } from 'playwright-core';
import { consoleOfPipeline } from '../../console/attach';
import { LiveEvents } from '../../console/server/feed/liveEvents';
import type { LoopbackServer } from '../../local/http/loopbackServer';
import { type LocalPipeline, startLocalPipeline } from '../../local/run/pipeline';
import { SAMPLE_SOURCE, sampleLines } from '../../local/sample';
import { launchChromium } from '../../scripts/screenshots/chromium';
import { assembly } from '../support/assembly';
import { hostileTexts } from '../support/hostileTexts';
import { tempDirectory } from '../support/tempDirectory';

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const HOSTILE_SITE = '<img src=x onerror=alert(0)>';

const directory = tempDirectory('page');
const live = new LiveEvents();
const problems: string[] = [];
let pipeline: LocalPipeline;
let served: LoopbackServer;
let browser: Browser;

/** One event for each hostile text, which stands wherever a sender may put text. */
function hostileLines(): string[] {
  return hostileTexts().map((text, index) =>
    JSON.stringify({
      event_id: `hostile-${index}`,
      event_name: index % 2 === 0 ? 'page_view' : text,
      site_id: HOSTILE_SITE,
      visitor_id: `hostile ${index}`,
      page_url: `https://shop.example/${text}`,
      page_title: text,
      utm_campaign: text,
      utm_source: text,
      occurred_at: '2026-11-02T10:00:00Z',
      received_at: '2026-11-02T10:00:00Z',
      properties: { [text]: text },
    }),
  );
}

beforeAll(async () => {
  const assemblyDirectory = await assembly('dev');
  pipeline = await startLocalPipeline({
    assemblyDirectory,
    directory,
    environment: 'dev',
    speedUp: 60,
    observer: live,
    onProblem: (problem) => problems.push(problem),
  });
  await pipeline.send({
    inputs: [
      { source: SAMPLE_SOURCE, lines: sampleLines() },
      { source: 'hostile.ndjson', lines: hostileLines() },
    ],
  });
  [served, browser] = await Promise.all([
    consoleOfPipeline(pipeline, live, { directory }),
    launchChromium(),
    pipeline.drain(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
  await pipeline?.abort();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** What a page must never do: open a dialog, break the policy, fail. */
const misdeeds: string[] = [];
afterEach(() => expect(misdeeds.splice(0)).toEqual([]));

async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ viewport: DESKTOP, ...options })).newPage();
  page.setDefaultTimeout(30_000);
  page.on('dialog', (dialog) => {
    misdeeds.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => misdeeds.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // Chromium itself tries to keep the look of a word that is typed over.
    const isEditing = message.text().startsWith('Applying inline style');
    if (message.type() === 'error' && !isEditing) misdeeds.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(served.url) && !request.url().startsWith('blob:')) {
      misdeeds.push(`request: ${request.url()}`);
    }
  });
  await page.goto(served.url);
  await page.locator('.panels .panel[aria-busy="false"]').nth(4).waitFor();
  return page;
}

/** What is needed of the browser's types here. */
interface Row {
  readonly cells: ArrayLike<{ readonly textContent: string }>;
}

const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const rowsOf = (page: Page, selector: string) =>
  page
    .locator(selector)
    .evaluateAll((rows: Row[]) => rows.map((row) => Array.from(row.cells, (cell) => cell.textContent)));

async function runSql(page: Page, sql: string): Promise<void> {
  await page.getByRole('textbox', { name: 'SQL statement' }).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(sql);
  await page.keyboard.press('Control+Enter');
}

/** Does something that makes a panel ask again, and waits for the answer to be shown. */
async function asksAgain(page: Page, question: string, action: () => Promise<unknown>): Promise<void> {
  const isAnswer = (response: Response) => response.request().postDataJSON()?.question === question;
  await Promise.all([page.waitForResponse(isAnswer), action()]);
  await page.locator('.panel[aria-busy="true"]').first().waitFor({ state: 'detached' });
}

/** Elements that nothing but injected markup would make. */
const injectedElements = (page: Page) =>
  page.evaluate(
    `document.querySelectorAll('img, iframe, object, embed, b, script:not([src]), [onload], [onerror]').length`,
  );

describe('the pipeline', () => {
  it('shows what went through each stage, as it is counted, and the latest events with their fate', async () => {
    const page = await openPage();
    const { transform, loads } = pipeline.counts();
    const stage = (name: string) => page.getByRole('article', { name, exact: true });
    const shown = (count: number) => count.toLocaleString('en-US');
    await expect(stage('Transform').textContent()).resolves.toContain(shown(transform.eventsIn));
    await expect(stage('Warehouse').textContent()).resolves.toContain(shown(loads.rowsNew));
    await expect(page.locator('.branch').first().textContent()).resolves.toContain(
      `${transform.rejected} rejected`,
    );
    const fates = (await rowsOf(page, 'table.events tbody tr')).map(([, fate]) => fate);
    expect(fates.length).toBeGreaterThan(5);
  });

  it('moves when events come, without a reload, and shows why one was rejected', async () => {
    const page = await openPage();
    const before = pipeline.counts().loads.rowsNew;
    await pipeline.send({
      inputs: [
        {
          source: 'more.ndjson',
          lines: ['{"event_name":"page_view","site_id":"late"}', 'this is <b>no</b> JSON'],
        },
      ],
    });
    await pipeline.drain();
    const total = (before + 1).toLocaleString('en-US');
    await page.getByRole('article', { name: 'Warehouse' }).getByText(`${total} new rows`).waitFor();
    const rejected = page.locator('table.events tr.rejected').first();
    await rejected.waitFor();
    await expect(rejected.textContent()).resolves.toMatch(/this is <b>no<\/b> JSON.*not_json/);
  });

  it('stands still for those who prefer less motion', async () => {
    const page = await openPage({ reducedMotion: 'reduce' });
    await expect(page.locator('.stages.still').count()).resolves.toBe(1);
    const names = await page.evaluate(
      `[...document.querySelectorAll('.pipe i')].map((dot) => getComputedStyle(dot).animationName)`,
    );
    expect(new Set(names as string[])).toEqual(new Set(['none']));
  });
});

describe('the analysis', () => {
  /** Visitors who got to each step, from their events in order of time. */
  async function funnelOf(...steps: string[]): Promise<number[]> {
    const events = await pipeline.query(
      `SELECT site_id, visitor_id, event_id, event_name, DATEDIFF(millisecond, '2020-01-01', event_time) AS millis
       FROM landing.events WHERE visitor_id IS NOT NULL AND NOT is_bot ORDER BY event_time, event_id`,
    );
    const byVisitor = new Map<string, typeof events>();
    for (const event of events) {
      const visitor = `${event.site_id}\n${event.visitor_id}`;
      byVisitor.set(visitor, [...(byVisitor.get(visitor) ?? []), event]);
    }
    const reached = steps.map(() => 0);
    for (const visited of byVisitor.values()) {
      const first = visited.find((event) => event.event_name === steps[0]);
      let at = Number(first?.millis);
      const used = new Set<unknown>();
      for (const [index, step] of steps.entries()) {
        const hit = visited.find(
          (event) =>
            event.event_name === step &&
            !used.has(event.event_id) &&
            Number(event.millis) >= at &&
            Number(event.millis) <= Number(first?.millis) + 7 * 86_400_000,
        );
        if (hit === undefined) break;
        used.add(hit.event_id);
        at = Number(hit.millis);
        reached[index] = (reached[index] ?? 0) + 1;
      }
    }
    return reached;
  }

  const shownFunnel = async (page: Page) =>
    (await page.locator('.funnel .visitors').allTextContents()).map((text) => Number(text.replace(',', '')));

  it('answers which channel brings visitors who buy, with the warehouse’s numbers', async () => {
    const page = await openPage();
    const rows = await pipeline.query(
      `SELECT channel, COUNT(*) AS sessions, COUNT(DISTINCT site_id || '/' || visitor_id) AS visitors,
         COUNT(DISTINCT CASE WHEN purchase_count > 0 THEN site_id || '/' || visitor_id END) AS buyers
       FROM analysis.sessions GROUP BY channel ORDER BY sessions DESC, channel`,
    );
    const shown = await rowsOf(page, '.rank >> nth=0 >> tbody tr');
    expect(
      shown.map(([channel, sessions, visitors, buyers]) => [channel, sessions, visitors, buyers]),
    ).toEqual(
      rows.map(({ channel, sessions, visitors, buyers }) =>
        [channel, sessions, visitors, buyers].map(String),
      ),
    );
    const [most] = rows.toSorted((left, right) => Number(right.buyers) - Number(left.buyers));
    await expect(page.locator('.headline').textContent()).resolves.toContain(
      `${most?.channel} brings the most buyers: ${most?.buyers} of ${most?.visitors} visitors.`,
    );
  });

  it('shows the funnel the events make, and another when its steps are changed', async () => {
    const page = await openPage();
    expect(await shownFunnel(page)).toEqual(await funnelOf('page_view', 'add_to_cart', 'purchase'));
    await asksAgain(page, 'funnel', () => page.getByRole('button', { name: 'Remove step 2' }).click());
    await page.getByLabel(/^Step 1:/).fill('search');
    await asksAgain(page, 'funnel', () => page.getByLabel(/^Step 1:/).press('Enter'));
    const expected = await funnelOf('search', 'purchase');
    expect(await shownFunnel(page)).toEqual(expected);
    expect(expected[1]).toBeGreaterThan(0);
  });

  it('lists the pages that are seen most, with the warehouse’s numbers', async () => {
    const page = await openPage();
    const rows = await pipeline.query(
      `SELECT site_id, page_path, COUNT(*) AS views FROM analysis.page_views WHERE page_path IS NOT NULL
       GROUP BY 1, 2 ORDER BY views DESC, 1, 2 LIMIT 5`,
    );
    const shown = await rowsOf(page, '.rank >> nth=1 >> tbody tr');
    expect(shown.slice(0, 5).map(([site, path, views]) => [site, path, views])).toEqual(
      rows.map(({ site_id, page_path, views }) => [site_id, page_path, String(views)]),
    );
  });

  it('follows the filters, and shows each picture as a table and as SQL', async () => {
    const page = await openPage();
    const site = page.getByLabel('Site', { exact: true });
    await asksAgain(page, 'channels', () => site.selectOption('trail-and-tent'));
    const channels = panel(page, 'Channels');
    await channels.getByRole('button', { name: 'SQL' }).click();
    const editor = page.getByRole('textbox', { name: 'SQL statement' });
    await editor.getByText("'trail-and-tent'").waitFor();
    const trend = panel(page, 'Trend');
    await trend.getByRole('button', { name: 'Table' }).click();
    await expect(trend.locator('thead').textContent()).resolves.toContain('Period');
    await expect(trend.locator('tbody tr').count()).resolves.toBe(3);
  });
});

describe('the SQL box', () => {
  it('shows what a statement found, page by page, as a chart, and as a file', async () => {
    const page = await openPage();
    await runSql(page, 'SELECT event_id, event_name, event_value FROM analysis.events ORDER BY event_id');
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByText('1 to 50 of').waitFor();
    await result.getByRole('button', { name: 'Next' }).click();
    await result.getByText('51 to 100 of').waitFor();
    await expect(result.locator('tbody tr').first().locator('td').first().textContent()).resolves.toBe('51');
    await result.getByRole('button', { name: 'Chart' }).click();
    await result.getByRole('img', { name: /^event_value by event_id/ }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      result.getByRole('button', { name: 'Download CSV' }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
    expect(lines[0]).toBe('event_id,event_name,event_value');
    expect(lines.length - 2).toBe(
      Number((await pipeline.query('SELECT COUNT(*) AS n FROM analysis.events'))[0]?.n),
    );
  });

  it.each([
    ['SELECT event_name\nFRM analysis.events', 'Line 2, column 5:', 'analysis'],
    ['SELECT evnt_name\nFROM analysis.events', 'Line 1, column 8:', 'evnt_name'],
    ['SELECT 1\nFROM landing.events', 'Line 2, column 6:', 'landing'],
    ['DELETE FROM analysis.events', 'Line 1, column 1:', 'DELETE'],
  ])('shows what is wrong with %j, where it is wrong', async (sql, place, marked) => {
    const page = await openPage();
    await runSql(page, sql);
    const alert = page.locator('#sql').getByRole('alert');
    await alert.waitFor();
    await expect(alert.textContent()).resolves.toContain(place);
    const marks = page.locator('.cm-lintRange-error');
    expect((await marks.allTextContents()).join('')).toBe(marked);
  });

  it('completes tables behind FROM, and columns of the tables that are named', async () => {
    const page = await openPage();
    await runSql(page, 'SELECT  FROM analysis.sessions');
    for (let times = 0; times < ' FROM analysis.sessions'.length; times++)
      await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('landing');
    await page.locator('.cm-tooltip-autocomplete').getByText('landing_page_path').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('SELECT * FROM sess');
    await page.locator('.cm-tooltip-autocomplete').getByText('analysis.sessions', { exact: true }).waitFor();
  });
});

describe('hostile content', () => {
  it('is text in every cell, list, chart and tooltip', async () => {
    const page = await openPage();
    const sql = `SELECT page_title, event_name, site_id, utm_campaign FROM analysis.events
      WHERE site_id = '${HOSTILE_SITE}' ORDER BY event_id`;
    const expected = await pipeline.query(sql);
    expect(expected.length).toBeGreaterThan(10);
    await runSql(page, sql);
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByText('rows in').waitFor();
    const shown = await rowsOf(page, '.result tbody tr');
    expect(shown.map(([, title]) => title)).toEqual(
      expected.slice(0, 50).map(({ page_title }) => page_title ?? 'NULL'),
    );
    await runSql(
      page,
      `SELECT page_title, COUNT(*) AS events FROM analysis.events WHERE site_id = '${HOSTILE_SITE}' GROUP BY 1 ORDER BY 1`,
    );
    await result.getByRole('button', { name: 'Chart' }).click();
    const chart = result.getByRole('img');
    const box = await chart.boundingBox();
    for (const share of [0.2, 0.4, 0.6, 0.8]) {
      await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) * share, (box?.y ?? 0) + 100);
    }
    const site = page.getByLabel('Site', { exact: true });
    await asksAgain(page, 'pages', () => site.selectOption(HOSTILE_SITE));
    const by = page.getByLabel('by', { exact: true }).last();
    await asksAgain(page, 'funnel', () => by.selectOption('campaign'));
    expect(await injectedElements(page)).toBe(0);
  });
});

describe('everybody', () => {
  it('gets everywhere by keyboard, and out of the editor again', async () => {
    const page = await openPage();
    const focused = () =>
      page.evaluate(`(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element?.getAttribute('aria-label') ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? '';
      })()`) as Promise<string>;
    const tabTo = async (name: string) => {
      for (let times = 0; times < 120; times++) {
        await page.keyboard.press('Tab');
        if ((await focused()).trim() === name) return;
      }
      throw new Error(`Tab never reaches ${name}`);
    };
    await page.keyboard.press('Tab');
    expect((await focused()).trim()).toBe('Skip to the analysis');
    await page.keyboard.press('Enter');
    await tabTo('Site');
    await page.keyboard.press('ArrowDown');
    await tabTo('Table');
    await page.keyboard.press('Space');
    await tabTo('SQL statement');
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('SELECT 41 + 1 AS answer');
    await page.keyboard.press('Control+Enter');
    await page.locator('.result').getByRole('cell', { name: '42', exact: true }).waitFor();
    await tabTo('Run');
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).toBe('solid');
  });

  it.each([
    ['on a desktop by day', { viewport: DESKTOP, colorScheme: 'light' }],
    ['on a phone by night', { viewport: PHONE, colorScheme: 'dark' }],
  ] as const)('finds nothing in the way %s', async (_, options) => {
    // axe adds styles of its own, which the page's policy forbids.
    const page = await openPage({ ...options, bypassCSP: true });
    await runSql(page, 'SELECT event_name, COUNT(*) AS events FROM analysis.events GROUP BY 1 ORDER BY 1');
    await page.getByRole('region', { name: 'Result' }).getByRole('button', { name: 'Chart' }).click();
    const { scrollWidth, innerWidth } = (await page.evaluate(
      '({ scrollWidth: document.documentElement.scrollWidth, innerWidth })',
    )) as Record<string, number>;
    expect(scrollWidth).toBeLessThanOrEqual(innerWidth ?? 0);
    await page.evaluate(axeSource);
    const { violations } = (await page.evaluate('axe.run()')) as {
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
    };
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(grave.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});

it('nothing went wrong behind the scenes', () => {
  expect(problems).toEqual([]);
});
