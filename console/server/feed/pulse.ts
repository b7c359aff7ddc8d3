/** Pushes the state of the pipeline to every page that is open, once a second. */

import type { ServerResponse } from 'node:http';
import { messageOf } from '../../../lib/contract/words';
import type { LiveEvent, PipelineSnapshot, Pulse } from '../../wire';

/** Where the numbers of the pipeline come from. */
export interface PipelineFeed {
  /** For people: `this local run`, `CloudWatch, by the minute`. */
  readonly source: string;
  /** The pipeline now. @throws Error when it cannot be told */
  snapshot(): Promise<PipelineSnapshot>;
  /** The latest events after a number, oldest first. */
  eventsAfter(number: number): readonly LiveEvent[];
  /** Changes whenever the warehouse's answers may have changed. */
  dataVersion(): string;
}

/** Events in one pulse at most: what a person can follow. */
const EVENTS_PER_PULSE = 12;
const PULSE_MILLIS = 1_000;

/** All pages that listen. */
export class PulseBroadcast {
  private readonly listeners = new Set<ServerResponse>();
  private readonly timer: NodeJS.Timeout;
  private lastEvent = 0;
  private beating = false;

  constructor(private readonly feed: PipelineFeed) {
    this.timer = setInterval(() => void this.beat(), PULSE_MILLIS);
    this.timer.unref();
  }

  /** Keeps an answer open and writes a server-sent event to it each second. */
  listen(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.listeners.add(response);
    response.on('close', () => this.listeners.delete(response));
    const recent = this.feed.eventsAfter(0).slice(-EVENTS_PER_PULSE);
    void this.pulse(recent).then((text) => response.write(text));
  }

  /** Ends all answers. */
  close(): void {
    clearInterval(this.timer);
    for (const response of this.listeners) response.end();
  }

  private async beat(): Promise<void> {
    // Nobody is told twice at once, and nothing is asked for nobody.
    if (this.beating || this.listeners.size === 0) return;
    this.beating = true;
    try {
      const events = this.feed.eventsAfter(this.lastEvent);
      this.lastEvent = events.at(-1)?.number ?? this.lastEvent;
      const text = await this.pulse(events.slice(-EVENTS_PER_PULSE));
      for (const response of this.listeners) response.write(text);
    } finally {
      this.beating = false;
    }
  }

  private async pulse(events: readonly LiveEvent[]): Promise<string> {
    try {
      const snapshot = await this.feed.snapshot();
      const pulse: Pulse = { snapshot, events, dataVersion: this.feed.dataVersion() };
      return `data: ${JSON.stringify(pulse)}\n\n`;
    } catch (error) {
      const message = messageOf(error);
      return `event: trouble\ndata: ${JSON.stringify({ message })}\n\n`;
    }
  }
}
