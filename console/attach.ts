/** Opens the console on whatever pipeline there is: a deployed one, the local run that is up, or what it left. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { clientSettings } from '../lambda/shared/clients';
import { WAREHOUSE } from '../lib/contract/names';
import { readEndpoints } from '../local/endpoints';
import type { LoopbackServer } from '../local/http/loopbackServer';
import type { LocalPipeline } from '../local/run/pipeline';
import { openSource, targetSource } from '../scripts/query/sources';
import { openTarget, type Target } from '../scripts/target/target';
import { buildPage } from './build';
import { cloudWatchFeed } from './server/feed/cloudWatchFeed';
import type { LiveEvents } from './server/feed/liveEvents';
import { localFeed } from './server/feed/localFeed';
import type { PipelineFeed } from './server/feed/pulse';
import { startConsole } from './server/server';
import { type StatementRunner, statementRunner } from './server/statements';

/** What all ways to open the console share. */
export interface AttachOptions {
  /** Where the local run keeps its state; the built page goes there, too. */
  readonly directory: string;
  /** Database user with the role `analyst`. @default WAREHOUSE.consoleUser */
  readonly user?: string;
  /** 0 takes any free port. @default 0 */
  readonly port?: number;
}

/** The console of a pipeline in this process. Close it before the pipeline. */
export async function consoleOfPipeline(
  pipeline: LocalPipeline,
  live: LiveEvents,
  options: AttachOptions,
): Promise<LoopbackServer> {
  const { directory } = options;
  const target = await openTarget({ environment: undefined, directory });
  const feed = localFeed(pipeline, live);
  const server = await serve(target.title, targetRunner(target, options), feed, options, () => {
    rmSync(addressFile(directory), { force: true });
  });
  writeFileSync(addressFile(directory), JSON.stringify({ pid: process.pid, url: server.url }));
  return server;
}

/** Where the local run that is up serves its console; undefined when none does. */
export function servedConsole(directory: string): string | undefined {
  const endpoints = readEndpoints(directory);
  if (endpoints === undefined || !existsSync(addressFile(directory))) return undefined;
  // A run that was killed leaves its file behind.
  const { pid, url } = JSON.parse(readFileSync(addressFile(directory), 'utf8'));
  return pid === endpoints.pid ? url : undefined;
}

function addressFile(directory: string): string {
  return path.join(directory, 'console.json');
}

/**
 * The console of a deployed environment, with the caller's own AWS credentials.
 * @throws TargetError when the environment is unknown or not deployed
 */
export async function consoleOfEnvironment(
  environment: string,
  options: AttachOptions,
): Promise<LoopbackServer> {
  const target = await openTarget({ environment });
  const cloudWatch = new CloudWatchClient({ ...clientSettings(), region: target.region });
  const feed = cloudWatchFeed(cloudWatch, target);
  return serve(target.title, targetRunner(target, options), feed, options, () => {
    cloudWatch.destroy();
  });
}

/**
 * The console of the local run that is up in another process, or of the warehouse the last one has left.
 * @throws QueryError when there is neither
 */
export async function consoleOfLocalState(options: AttachOptions): Promise<LoopbackServer> {
  const { directory } = options;
  if (readEndpoints(directory) !== undefined) {
    const target = await openTarget({ environment: undefined, directory });
    return serve(target.title, targetRunner(target, options), undefined, options);
  }
  const source = await openSource(directory, options.user ?? WAREHOUSE.consoleUser);
  return serve('the last local run', statementRunner(source), undefined, options);
}

/** Closes the target with itself. */
function targetRunner(target: Target, { user = WAREHOUSE.consoleUser }: AttachOptions): StatementRunner {
  return statementRunner(targetSource(target, user, 'console'));
}

async function serve(
  title: string,
  runner: StatementRunner,
  feed: PipelineFeed | undefined,
  { directory, port }: AttachOptions,
  closeFeed: () => void = () => {},
): Promise<LoopbackServer> {
  const pageDirectory = path.join(directory, 'console');
  await buildPage(pageDirectory);
  const server = await startConsole({
    title,
    pageDirectory,
    runner,
    ...(feed === undefined ? {} : { feed }),
    ...(port === undefined ? {} : { port }),
  });
  return {
    url: server.url,
    async close() {
      await server.close();
      closeFeed();
    },
  };
}
