/** Runs the built-in sample through a pipeline of its own and takes pictures of its console. */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { consoleOfPipeline } from '../../console/attach';
import { LiveEvents } from '../../console/server/feed/liveEvents';
import { type LocalPipeline, startLocalPipeline } from '../../local/run/pipeline';
import { synthesize } from '../../local/run/synthesize';
import { SAMPLE_SOURCE, sampleLines } from '../../local/sample';
import { launchChromium } from './chromium';

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** The sample is sent in pieces, so that there is something to see on its way. */
const PIECE_LINES = 100;
const PIECE_MILLIS = 400;

/**
 * Takes all pictures.
 * @param directory where they go; those of the same names are replaced
 * @param say told of each picture
 */
export async function takeScreenshots(directory: string, say: (line: string) => void): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const state = mkdtempSync(path.join(tmpdir(), 'screenshots-'));
  const browser = await launchChromium();
  const live = new LiveEvents();
  try {
    const { directory: assemblyDirectory } = await synthesize('dev', path.join(state, 'cdk.out'));
    const pipeline = await startLocalPipeline({
      assemblyDirectory,
      directory: state,
      environment: 'dev',
      speedUp: 60,
      observer: live,
      onProblem: say,
    });
    const opened = await consoleOfPipeline(pipeline, live, { directory: state });
    try {
      const shoot = async (name: string, page: Page) => {
        const file = path.join(directory, `${name}.png`);
        await page.screenshot({ path: file });
        say(`${path.relative('.', file)}  ${Math.round(statSync(file).size / 1_000)} KB`);
      };
      await pictures(browser, opened.url, pipeline, shoot);
    } finally {
      await opened.close();
      await pipeline.close();
    }
  } finally {
    await browser.close();
    rmSync(state, { recursive: true, force: true });
  }
}

type Shoot = (name: string, page: Page) => Promise<void>;

async function pictures(browser: Browser, url: string, pipeline: LocalPipeline, shoot: Shoot): Promise<void> {
  const light = await open(browser, url, { viewport: DESKTOP, colorScheme: 'light' });
  const lines = [...sampleLines()];
  const sending = send(pipeline, lines);
  await Promise.race([sending, firstLoad(pipeline)]);
  // A pulse or two later the page shows it.
  await sleep(2_000);
  await shoot('pipeline', light);
  await sending;
  await pipeline.drain();
  await settled(light);
  await scrollTo(light, '#analysis');
  await shoot('analysis', light);
  await light.getByRole('button', { name: 'Run' }).click();
  await light.getByRole('button', { name: 'Chart' }).click();
  await scrollTo(light, '#sql');
  await shoot('sql', light);
  const dark = await open(browser, url, { viewport: DESKTOP, colorScheme: 'dark' });
  await settled(dark);
  await shoot('dark', dark);
  const phone = await open(browser, url, { viewport: PHONE, colorScheme: 'light', deviceScaleFactor: 2 });
  await settled(phone);
  await scrollTo(phone, '#analysis');
  await shoot('phone', phone);
}

/** Waits until events have come to the end of the pipeline. */
async function firstLoad(pipeline: LocalPipeline): Promise<void> {
  while (pipeline.counts().loads.batchesLoaded === 0) await sleep(100);
}

async function send(pipeline: LocalPipeline, lines: readonly string[]): Promise<void> {
  for (let from = 0; from < lines.length; from += PIECE_LINES) {
    const piece = lines.slice(from, from + PIECE_LINES);
    await pipeline.send({ inputs: [{ source: `${from} of ${SAMPLE_SOURCE}`, lines: piece }] });
    await sleep(PIECE_MILLIS);
  }
}

async function open(browser: Browser, url: string, options: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(url);
  await page.getByRole('heading', { name: 'Pipeline' }).waitFor();
  return page;
}

/** All panels have their answers. */
async function settled(page: Page): Promise<void> {
  await page.locator('.panels').waitFor();
  await page.locator('.notice.loading').first().waitFor({ state: 'detached' });
  await sleep(1_000);
}

async function scrollTo(page: Page, selector: string): Promise<void> {
  await page.evaluate(`document.querySelector('${selector}').scrollIntoView({ behavior: 'instant' })`);
  await sleep(500);
}
