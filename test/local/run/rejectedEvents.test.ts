import { RejectedEvents } from '../../../local/run/rejectedEvents';

const line = (id: string, part = 1) => `${JSON.stringify({ rejected_id: id, part, original: 'é\\n' })}\n`;

describe('rejected events on their way to the lake', () => {
  it('are counted and shown line by line, however they share records', () => {
    const seen: string[] = [];
    const events = new RejectedEvents({ onRejected: (shown) => seen.push(shown.toString()) });
    events.take([{ data: Buffer.from(line('a') + line('b')) }, { data: Buffer.from(line('c')) }]);
    expect(events.taken).toBe(3);
    expect(seen.map((text) => JSON.parse(text).rejected_id)).toEqual(['a', 'b', 'c']);
  });

  it('count once when an original is so long that it has several lines', () => {
    const events = new RejectedEvents(undefined);
    events.take([{ data: Buffer.from(line('a', 1)) }, { data: Buffer.from(line('a', 2) + line('b')) }]);
    expect(events.taken).toBe(2);
  });
});
