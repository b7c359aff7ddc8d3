/** The delivery streams of a local run, with their sources. */
import type { DeliveryPorts } from '../firehose/deliveryStream';
import { DeliveryStream } from '../firehose/deliveryStream';
import { KinesisSource, type StreamReader } from '../firehose/kinesisSource';
import { localStreamReader } from '../firehose/localStreamReader';
import type { KinesisStreams } from '../kinesis/streams';
import type { PipelineDefinition } from '../template/definitions';

/** Firehose polls each shard of its source once a second. */
const POLL_MILLIS = 1_000;
/** A poll takes time itself; more often brings nothing. */
const LEAST_POLL_MILLIS = 20;

/** All delivery streams of a pipeline. */
export class LocalDelivery {
  readonly streams: ReadonlyMap<string, DeliveryStream>;
  private readonly sources: { close(): Promise<void>; catchUp(): Promise<void> }[] = [];

  constructor(
    private readonly pipeline: PipelineDefinition,
    private readonly ports: DeliveryPorts,
  ) {
    this.streams = new Map(
      pipeline.deliveryStreams.map((definition) => [definition.name, new DeliveryStream(definition, ports)]),
    );
  }

  /**
   * Starts reading the sources, at their ends.
   * @param through what the readers are wrapped in
   */
  async start(
    kinesis: KinesisStreams,
    through: <P>(reader: StreamReader<P>) => StreamReader<P> = (reader) => reader,
  ): Promise<void> {
    const pollMillis = Math.max(LEAST_POLL_MILLIS, POLL_MILLIS / this.ports.speedUp);
    for (const stream of this.streams.values()) {
      const { sourceStreamArn, name } = stream.definition;
      if (sourceStreamArn === undefined) continue;
      const source = this.pipeline.streams.find(({ arn }) => arn === sourceStreamArn);
      if (source === undefined)
        throw new Error(`${name} reads ${sourceStreamArn}, which no template defines`);
      const reader = through(localStreamReader(kinesis.get(source.name)));
      this.sources.push(await KinesisSource.start(reader, stream, pollMillis, this.ports.onError));
    }
  }

  /** Delivers everything that is in the sources now, and what comes of it: put-back events, rejected events. */
  async drain(): Promise<void> {
    let before: number;
    do {
      await this.catchUp();
      before = this.recordsIn();
      // What does not fit the transform's answer goes back on the stream. Polling goes on meanwhile, so only when
      // nothing has come since, by whatever way, has everything been transformed.
      for (const stream of this.streams.values()) await stream.flushTransform();
      await this.catchUp();
    } while (this.recordsIn() !== before);
    for (const stream of this.streams.values()) await stream.flush();
  }

  /** Stops reading, and forgets what is not delivered yet. */
  async close(): Promise<void> {
    await Promise.all(this.sources.map((source) => source.close()));
    for (const stream of this.streams.values()) stream.discard();
  }

  private async catchUp(): Promise<void> {
    for (const source of this.sources) await source.catchUp();
  }

  private recordsIn(): number {
    return [...this.streams.values()].reduce((sum, { counts }) => sum + counts.recordsIn, 0);
  }
}
