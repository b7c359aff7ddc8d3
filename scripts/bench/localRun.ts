/** How long the local run takes over a file, and how much memory all its processes take together. */
import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { median } from './measure';

const ROOT = path.resolve(__dirname, '../..');
const SAMPLE_MILLIS = 250;

/** Medians of the runs. */
export interface LocalRunBench {
  readonly file: string;
  readonly runs: number;
  readonly wallSeconds: number;
  /** Resident memory of the process and all its children at its highest. */
  readonly peakMebibytes: number;
}

/**
 * Runs `npm start -- --fresh FILE` and watches it.
 * @throws Error when a run fails
 */
export async function benchLocalRun(file: string, runs = 3): Promise<LocalRunBench> {
  const seconds: number[] = [];
  const mebibytes: number[] = [];
  for (let run = 0; run < runs; run++) {
    const measured = await runOnce(file);
    seconds.push(measured.wallSeconds);
    mebibytes.push(measured.peakMebibytes);
  }
  return { file: path.basename(file), runs, wallSeconds: median(seconds), peakMebibytes: median(mebibytes) };
}

function runOnce(file: string): Promise<{ wallSeconds: number; peakMebibytes: number }> {
  const started = process.hrtime.bigint();
  const child = spawn('npm', ['start', '--silent', '--', '--fresh', file], { cwd: ROOT, stdio: 'ignore' });
  let peakMebibytes = 0;
  const timer = setInterval(() => {
    if (child.pid !== undefined) peakMebibytes = Math.max(peakMebibytes, residentMebibytes(child.pid));
  }, SAMPLE_MILLIS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(timer);
      const wallSeconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (code === 0) resolve({ wallSeconds, peakMebibytes });
      else reject(new Error(`npm start over ${file} ended with code ${code}`));
    });
  });
}

/** Resident memory of a process and all its descendants. */
function residentMebibytes(root: number): number {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([root]);
  let kibibytes = 0;
  // Parents come before their children: ps lists by process id, and a child that does not is found at the next sample.
  for (const [pid = 0, parent = 0, rss = 0] of table) {
    if (pid !== root && !family.has(parent)) continue;
    family.add(pid);
    kibibytes += rss;
  }
  return kibibytes / 1024;
}

/** The result as text. */
export function describeLocalRunBench({ file, runs, wallSeconds, peakMebibytes }: LocalRunBench): string {
  return [
    `Local run, npm start -- --fresh ${file}, ${runs} runs`,
    `  wall time    ${wallSeconds.toFixed(1)} s`,
    `  peak memory  ${peakMebibytes.toFixed(0)} MiB, all processes together`,
  ].join('\n');
}
