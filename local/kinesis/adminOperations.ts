/** Creating, describing, listing and resharding streams. */
import { KINESIS_SHARD_COUNT_CHANGES_PER_DAY, KINESIS_SHARD_COUNT_TARGET } from '../../lib/contract/limits';
import { DAY_MILLIS } from '../../lib/contract/units';
import { AwsError } from '../http/awsError';
import type { JsonOperation } from '../http/jsonService';
import {
  isObject,
  type JsonObject,
  optionalInteger,
  optionalText,
  requiredInteger,
  requiredText,
} from '../http/members';
import { parseHashKey } from './hashKeys';
import { MAX_RETENTION_HOURS } from './limits';
import { newStreamName, requestedShardId, requestedStream } from './requests';
import { mergeShards, splitShard, updateShardCount } from './resharding';
import { describeDetails, describeShard, describeStream } from './shapes';
import type { Shard } from './shard';
import type { Stream } from './stream';
import type { KinesisStreams } from './streams';

export function adminOperations(streams: KinesisStreams): Record<string, JsonOperation> {
  const updatesOf = new WeakMap<Stream, number[]>();
  return {
    CreateStream(input) {
      const name = newStreamName(input);
      if (isObject(input.StreamModeDetails) && input.StreamModeDetails.StreamMode === 'ON_DEMAND') {
        throw new AwsError(
          'InvalidArgumentException',
          'On-demand streams are not served here: give a ShardCount.',
        );
      }
      streams.create({
        name,
        shardCount: requiredInteger(input, 'ShardCount', 1, KINESIS_SHARD_COUNT_TARGET),
      });
    },

    DeleteStream(input) {
      streams.delete(requestedStream(streams, input).name);
    },

    DescribeStream(input) {
      const stream = requestedStream(streams, input);
      const limit = optionalInteger(input, 'Limit', 1, 10_000) ?? 100;
      const { page, rest } = pageOf(stream.shards, optionalText(input, 'ExclusiveStartShardId'), limit);
      return {
        StreamDescription: {
          ...describeDetails(stream),
          Shards: page.map(describeShard),
          HasMoreShards: rest > 0,
        },
      };
    },

    DescribeStreamSummary(input) {
      const stream = requestedStream(streams, input);
      return {
        StreamDescriptionSummary: {
          ...describeDetails(stream),
          OpenShardCount: stream.openShards.length,
          ConsumerCount: 0,
        },
      };
    },

    ListStreams(input) {
      const after = optionalText(input, 'ExclusiveStartStreamName') ?? optionalText(input, 'NextToken') ?? '';
      const limit = optionalInteger(input, 'Limit', 1, 10_000) ?? 100;
      const names = streams.names().filter((name) => name > after);
      const page = names.slice(0, limit);
      const hasMore = names.length > page.length;
      return {
        StreamNames: page,
        HasMoreStreams: hasMore,
        ...(hasMore ? { NextToken: page.at(-1) } : {}),
        StreamSummaries: page.map((name) => describeStream(streams.get(name))),
      };
    },

    ListShards(input) {
      const token = parseToken(optionalText(input, 'NextToken'));
      const stream = token ? streams.get(token.streamName) : requestedStream(streams, input);
      const filter = token ? token.filter : input.ShardFilter;
      const after = token?.afterShardId ?? optionalText(input, 'ExclusiveStartShardId');
      const limit = optionalInteger(input, 'MaxResults', 1, 10_000) ?? 1_000;
      const { page, rest } = pageOf(filterShards(stream, filter), after, limit);
      const next = { streamName: stream.name, afterShardId: page.at(-1)?.id ?? '', filter };
      return { Shards: page.map(describeShard), ...(rest > 0 ? { NextToken: encodeToken(next) } : {}) };
    },

    IncreaseStreamRetentionPeriod(input) {
      setRetention(requestedStream(streams, input), input, 'greater');
    },

    DecreaseStreamRetentionPeriod(input) {
      setRetention(requestedStream(streams, input), input, 'less');
    },

    SplitShard(input) {
      const stream = requestedStream(streams, input);
      const shard = stream.shard(requestedShardId(input, 'ShardToSplit'));
      const hashKey = requiredText(input, 'NewStartingHashKey');
      splitShard(stream, shard, parseHashKey('NewStartingHashKey', hashKey));
    },

    MergeShards(input) {
      const stream = requestedStream(streams, input);
      const shard = stream.shard(requestedShardId(input, 'ShardToMerge'));
      mergeShards(stream, shard, stream.shard(requestedShardId(input, 'AdjacentShardToMerge')));
    },

    UpdateShardCount(input) {
      const stream = requestedStream(streams, input);
      const target = requiredInteger(input, 'TargetShardCount', 1, KINESIS_SHARD_COUNT_TARGET);
      requiredText(input, 'ScalingType', { oneOf: ['UNIFORM_SCALING'] });
      const now = streams.clock();
      const updates = (updatesOf.get(stream) ?? []).filter((millis) => millis > now - DAY_MILLIS);
      if (updates.length >= KINESIS_SHARD_COUNT_CHANGES_PER_DAY) {
        throw new AwsError(
          'LimitExceededException',
          `UpdateShardCount was called ${updates.length} times in 24 hours, the limit is ${KINESIS_SHARD_COUNT_CHANGES_PER_DAY}`,
        );
      }
      const current = stream.openShards.length;
      updateShardCount(stream, target);
      updatesOf.set(stream, [...updates, now]);
      return {
        StreamName: stream.name,
        StreamARN: stream.arn,
        CurrentShardCount: current,
        TargetShardCount: target,
      };
    },
  };
}

function pageOf(shards: readonly Shard[], afterShardId: string | undefined, limit: number) {
  const following = shards.filter(({ id }) => afterShardId === undefined || id > afterShardId);
  const page = following.slice(0, limit);
  return { page, rest: following.length - page.length };
}

/** Shards that a ShardFilter leaves. */
function filterShards(stream: Stream, filter: unknown): readonly Shard[] {
  if (!isObject(filter)) return stream.shards;
  const type = requiredText(filter, 'Type');
  switch (type) {
    case 'AT_LATEST':
      return stream.openShards.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    case 'FROM_TRIM_HORIZON':
      return stream.shards;
    case 'AFTER_SHARD_ID': {
      const after = requestedShardId(filter);
      return stream.shards.filter(({ id }) => id > after);
    }
    default:
      throw new AwsError(
        'InvalidArgumentException',
        `ShardFilter type ${type} is not served here, only AT_LATEST, FROM_TRIM_HORIZON and AFTER_SHARD_ID`,
      );
  }
}

interface ListShardsToken {
  readonly streamName: string;
  readonly afterShardId: string;
  readonly filter: unknown;
}

function encodeToken(token: ListShardsToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64');
}

function parseToken(text: string | undefined): ListShardsToken | undefined {
  if (text === undefined) return undefined;
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    if (isObject(token) && typeof token.streamName === 'string' && typeof token.afterShardId === 'string') {
      return { streamName: token.streamName, afterShardId: token.afterShardId, filter: token.filter };
    }
  } catch {
    // Not JSON: as invalid as JSON of another shape.
  }
  throw new AwsError('InvalidArgumentException', 'Invalid NextToken.');
}

function setRetention(stream: Stream, input: JsonObject, direction: 'greater' | 'less'): void {
  const hours = requiredInteger(input, 'RetentionPeriodHours', 24, MAX_RETENTION_HOURS);
  if (direction === 'greater' ? hours < stream.retentionHours : hours > stream.retentionHours) {
    throw new AwsError(
      'InvalidArgumentException',
      `Requested retention of ${hours} hours for stream ${stream.name} must be ${direction} than ` +
        `its existing ${stream.retentionHours} hours.`,
    );
  }
  stream.retentionHours = hours;
}
