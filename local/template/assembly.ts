/** Reads a synthesized cloud assembly (`cdk.out`): its stacks' templates and where their function bundles lie. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../http/identity';

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      environment: z.string().optional(),
      properties: z
        .object({ templateFile: z.string().optional(), stackName: z.string().optional() })
        .optional(),
    }),
  ),
});

const assetsSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string().optional() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).optional(),
  Condition: z.string().optional(),
});

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema).default({}),
  Outputs: z
    .record(z.string(), z.object({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }))
    .default({}),
  Parameters: z
    .record(z.string(), z.object({ Type: z.string(), Default: z.unknown().optional() }))
    .default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
});

/** A CloudFormation template, as far as the local run reads it. */
export type Template = z.infer<typeof templateSchema>;

/** A stack of the assembly. */
export interface Stack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
  /** Directory of each zipped asset on this machine, by the S3 object key it would be uploaded to. */
  readonly bundles: ReadonlyMap<string, string>;
}

/** A resource with the stack that declares it. */
export interface Resource {
  readonly stack: Stack;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Reads all stacks of an assembly.
 * @param directory where `cdk synth` wrote it
 * @throws Error when a file is missing or no cloud assembly
 */
export function readAssembly(directory: string): Stack[] {
  const manifest = manifestSchema.parse(readJson(path.join(directory, 'manifest.json')));
  const artifacts = Object.entries(manifest.artifacts);
  return artifacts.flatMap(([id, artifact]) => {
    const templateFile = artifact.properties?.templateFile;
    if (artifact.type !== 'aws:cloudformation:stack' || templateFile === undefined) return [];
    const [account = '', region = ''] = (artifact.environment ?? '').replace('aws://', '').split('/');
    return {
      name: artifact.properties?.stackName ?? id,
      account: /^\d{12}$/.test(account) ? account : LOCAL_ACCOUNT_ID,
      region: region === '' || region === 'unknown-region' ? LOCAL_REGION : region,
      template: parseTemplate(readJson(path.join(directory, templateFile))),
      bundles: readBundles(directory, path.join(directory, templateFile.replace('.template.', '.assets.'))),
    };
  });
}

/** Checks that a value has the shape of a template. */
export function parseTemplate(value: unknown): Template {
  return templateSchema.parse(value);
}

function readBundles(directory: string, file: string): Map<string, string> {
  const assets = assetsSchema.parse(readJson(file));
  const bundles = new Map<string, string>();
  for (const { source, destinations } of Object.values(assets.files)) {
    if (source.path === undefined) continue;
    for (const { objectKey } of Object.values(destinations)) {
      bundles.set(objectKey, path.resolve(directory, source.path));
    }
  }
  return bundles;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} is not a readable part of a cloud assembly; run "npx cdk synth" anew`, {
      cause,
    });
  }
}
