/** Reads Firehose delivery streams from templates. */

import { z } from 'zod';
import { MEBIBYTE } from '../../lib/contract/units';
import type { Resource } from './assembly';
import type {
  ConversionDefinition,
  DeliveryStreamDefinition,
  TableDefinition,
  TransformDefinition,
} from './definitions';
import { locate, type Resolver } from './intrinsics';
import { ignored, readProperties, tags } from './properties';
import { TemplateError } from './templateError';

const bufferingHints = z.strictObject({
  IntervalInSeconds: z.number().min(0).max(900).optional(),
  SizeInMBs: z.number().min(1).max(128).optional(),
});

const processing = z.strictObject({
  Enabled: z.boolean().optional(),
  Processors: z
    .array(
      z.strictObject({
        Type: z.literal('Lambda', 'only processors of type Lambda are understood'),
        Parameters: z.array(
          z.strictObject({
            ParameterName: z.enum([
              'LambdaArn',
              'BufferSizeInMBs',
              'BufferIntervalInSeconds',
              'NumberOfRetries',
              'RoleArn',
            ]),
            ParameterValue: z.coerce.string(),
          }),
        ),
      }),
    )
    .max(1, 'at most one Lambda processor is allowed')
    .optional(),
});

const conversion = z.strictObject({
  Enabled: z.boolean().optional(),
  InputFormatConfiguration: z.strictObject({
    Deserializer: z.strictObject({
      OpenXJsonSerDe: z.strictObject({ CaseInsensitive: z.literal(true).optional() }),
    }),
  }),
  OutputFormatConfiguration: z.strictObject({
    Serializer: z.strictObject({
      ParquetSerDe: z.strictObject({
        Compression: z.enum(['SNAPPY', 'GZIP', 'UNCOMPRESSED']).optional(),
        BlockSizeBytes: ignored('HDFS only'),
        PageSizeBytes: ignored('makes no difference to readers'),
        EnableDictionaryCompression: ignored('makes no difference to readers'),
        MaxPaddingBytes: ignored('HDFS only'),
        WriterVersion: ignored('makes no difference to readers'),
      }),
    }),
  }),
  SchemaConfiguration: z.strictObject({
    DatabaseName: z.string(),
    TableName: z.string(),
    VersionId: z.literal('LATEST').optional(),
    Region: ignored('there is one catalog'),
    CatalogId: ignored('there is one catalog'),
    RoleARN: ignored('no permissions are checked on this machine'),
  }),
});

const destination = z.strictObject({
  BucketARN: z.string(),
  Prefix: z.string().optional(),
  ErrorOutputPrefix: z.string().optional(),
  CustomTimeZone: z.string().optional(),
  FileExtension: z.string().optional(),
  BufferingHints: bufferingHints.optional(),
  CompressionFormat: z.enum(['UNCOMPRESSED', 'GZIP']).optional(),
  ProcessingConfiguration: processing.optional(),
  DataFormatConversionConfiguration: conversion.optional(),
  S3BackupMode: z.literal('Disabled').optional(),
  CloudWatchLoggingOptions: ignored('failures are printed'),
  EncryptionConfiguration: ignored('data on this machine is not encrypted'),
  RoleARN: ignored('no permissions are checked on this machine'),
});

/**
 * Reads a delivery stream.
 * @param tables all Glue tables of the assembly
 * @throws TemplateError when a property is not understood, or breaks a rule of the service
 */
export function readDeliveryStream(
  resolver: Resolver,
  resource: Resource,
  tables: readonly TableDefinition[],
): DeliveryStreamDefinition {
  const properties = readProperties(resolver, resource, {
    DeliveryStreamName: z.string().optional(),
    DeliveryStreamType: z.enum(['DirectPut', 'KinesisStreamAsSource']).optional(),
    KinesisStreamSourceConfiguration: z
      .strictObject({ KinesisStreamARN: z.string(), RoleARN: ignored('no permissions are checked') })
      .optional(),
    ExtendedS3DestinationConfiguration: destination,
    DeliveryStreamEncryptionConfigurationInput: ignored('data on this machine is not encrypted'),
    Tags: tags,
  });
  const s3 = properties.ExtendedS3DestinationConfiguration;
  const { name, arn } = resolver.identity(resource);
  const at = (property: string) => locate(resource, `ExtendedS3DestinationConfiguration.${property}`);
  const converted = readConversion(s3.DataFormatConversionConfiguration, tables, resource);
  const hints = s3.BufferingHints ?? {};
  const sizeMebibytes = hints.SizeInMBs ?? (converted === undefined ? 5 : 128);
  if (converted !== undefined && sizeMebibytes < 64) {
    throw new TemplateError(
      at('BufferingHints.SizeInMBs'),
      `is ${sizeMebibytes}, with format conversion it must be at least 64`,
    );
  }
  if (converted !== undefined && (s3.CompressionFormat ?? 'UNCOMPRESSED') !== 'UNCOMPRESSED') {
    throw new TemplateError(
      at('CompressionFormat'),
      `is ${s3.CompressionFormat}, with format conversion it must be UNCOMPRESSED`,
    );
  }
  if (s3.Prefix?.includes('!{') && s3.ErrorOutputPrefix === undefined) {
    throw new TemplateError(
      at('ErrorOutputPrefix'),
      'is missing, an expression in Prefix makes it mandatory',
    );
  }
  return {
    arn,
    name,
    sourceStreamArn: properties.KinesisStreamSourceConfiguration?.KinesisStreamARN,
    bucketName: s3.BucketARN.split(':').pop() ?? '',
    prefix: s3.Prefix ?? '',
    errorPrefix: s3.ErrorOutputPrefix ?? '',
    timeZone: s3.CustomTimeZone ?? 'UTC',
    fileExtension: s3.FileExtension,
    bufferBytes: sizeMebibytes * MEBIBYTE,
    bufferMillis: (hints.IntervalInSeconds ?? 300) * 1_000,
    compression: s3.CompressionFormat ?? 'UNCOMPRESSED',
    transform: readTransform(s3.ProcessingConfiguration, resource),
    conversion: converted,
  };
}

function readTransform(
  configuration: z.infer<typeof processing> | undefined,
  resource: Resource,
): TransformDefinition | undefined {
  const [processor] = configuration?.Processors ?? [];
  if (configuration?.Enabled === false || processor === undefined) return undefined;
  const parameter = (name: string) =>
    processor.Parameters.find(({ ParameterName }) => ParameterName === name)?.ParameterValue;
  const functionArn = parameter('LambdaArn');
  if (functionArn === undefined) {
    throw new TemplateError(locate(resource), 'its Lambda processor has no parameter LambdaArn');
  }
  return {
    // The CDK names the version: arn:...:function:NAME:$LATEST.
    functionArn: functionArn.replace(/:\$LATEST$/, ''),
    // Defaults of the service: 3 MB, 60 seconds, 3 retries.
    bufferBytes: Number(parameter('BufferSizeInMBs') ?? 3) * MEBIBYTE,
    bufferMillis: Number(parameter('BufferIntervalInSeconds') ?? 60) * 1_000,
    retries: Number(parameter('NumberOfRetries') ?? 3),
  };
}

function readConversion(
  configuration: z.infer<typeof conversion> | undefined,
  tables: readonly TableDefinition[],
  resource: Resource,
): ConversionDefinition | undefined {
  if (configuration === undefined || configuration.Enabled === false) return undefined;
  const { DatabaseName, TableName } = configuration.SchemaConfiguration;
  const table = tables.find(({ databaseName, name }) => databaseName === DatabaseName && name === TableName);
  if (table === undefined) {
    throw new TemplateError(
      locate(resource, 'ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration'),
      `there is no Glue table ${DatabaseName}.${TableName}`,
    );
  }
  const serde = configuration.OutputFormatConfiguration.Serializer.ParquetSerDe;
  return { table, compression: serde.Compression ?? 'SNAPPY' };
}
