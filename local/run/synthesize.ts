/** Synthesizes the app for the local run, unless nothing it is made of has changed since the last time. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fingerprintOf } from '../storage/fingerprint';

const PROJECT = path.resolve(__dirname, '..', '..');

/** What the assembly is made of. */
const INPUTS = ['bin', 'lib', 'lambda', 'sql', 'cdk.json', 'package-lock.json', 'tsconfig.json'];

/** Where the assembly is and whether it had to be made. */
export interface Synthesis {
  readonly directory: string;
  readonly reused: boolean;
}

/**
 * Runs `cdk synth`.
 * @param environment name of the environment, such as `dev`
 * @param directory where the assembly goes
 * @throws Error with the CDK's own words when the app cannot be synthesized
 */
export async function synthesize(environment: string, directory: string): Promise<Synthesis> {
  const fingerprintFile = path.join(directory, '.inputs');
  const fingerprint = await fingerprintOf(PROJECT, INPUTS, environment);
  const previous = existsSync(fingerprintFile) ? readFileSync(fingerprintFile, 'utf8') : undefined;
  if (previous === fingerprint) return { directory, reused: true };
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await runCdk(['synth', '--quiet', '--no-notices', '-c', `env=${environment}`, '--output', directory]);
  await writeFile(fingerprintFile, fingerprint);
  return { directory, reused: false };
}

function runCdk(args: readonly string[]): Promise<void> {
  const cdk = require.resolve('aws-cdk/bin/cdk');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cdk, ...args], {
      cwd: PROJECT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        // cdk.json names the app's command by its bare name.
        PATH: [path.join(PROJECT, 'node_modules', '.bin'), process.env.PATH].join(path.delimiter),
        NODE_OPTIONS: '',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        CI: 'true',
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`"cdk ${args.join(' ')}" ended with code ${code}:\n${said.trim()}`));
    });
  });
}
