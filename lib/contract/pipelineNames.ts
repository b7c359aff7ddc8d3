/** The names by which a pipeline is worked on, and the outputs of its stacks that hold them. */

/** Stage and output by name. */
export const PIPELINE_OUTPUTS = {
  streamName: ['stream', 'StreamName'],
  bucketName: ['lake', 'BucketName'],
  /** Glue database of the events table. */
  lakeDatabaseName: ['lake', 'DatabaseName'],
  /** Queue that tells the loader about objects of the lake. */
  objectQueueUrl: ['lake', 'ObjectQueueUrl'],
  clusterIdentifier: ['warehouse', 'ClusterIdentifier'],
  databaseName: ['warehouse', 'DatabaseName'],
  /** Role COPY reads the lake with. */
  copyRoleArn: ['warehouse', 'CopyRoleArn'],
  /** Secret of the warehouse's admin; it names the admin in calls of the Data API. */
  adminSecretArn: ['warehouse', 'AdminSecretArn'],
} as const satisfies Record<string, readonly [stage: string, output: string]>;

/** Names of a pipeline's parts. */
export type PipelineNames = { readonly [Name in keyof typeof PIPELINE_OUTPUTS]: string };

/** All the names, each found by itself. */
export function pipelineNames(find: (name: keyof PipelineNames) => string): PipelineNames {
  const names = Object.keys(PIPELINE_OUTPUTS) as (keyof PipelineNames)[];
  return Object.fromEntries(names.map((name) => [name, find(name)])) as PipelineNames;
}
