import { encodeLines } from '../../../scripts/generate/output/encode';

describe('encoding lines', () => {
  test('ends each with a line feed, whatever it is made of', () => {
    const lines = ['{"a":1}', '', '{"title":"Grüße, 旅行 🎁"}', '\0\0'];
    expect(encodeLines(lines).toString('utf8')).toBe('{"a":1}\n\n{"title":"Grüße, 旅行 🎁"}\n\0\0\n');
    expect(encodeLines([])).toHaveLength(0);
  });

  test('refuses a broken record, which would be lost in a file', () => {
    const record = { reason: 'bad_gzip', variant: 0, companion: undefined } as const;
    expect(() => encodeLines([record])).toThrow('A record broken as bad_gzip cannot be written as a line');
  });
});
