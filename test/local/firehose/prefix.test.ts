import { formatJavaDate } from '../../../local/firehose/javaDateFormat';
import { evaluatePrefix } from '../../../local/firehose/prefix';

const TIME = Date.UTC(2026, 2, 5, 7, 8, 9, 45);

describe('a date pattern of Java', () => {
  it.each([
    ['yyyy-MM-dd-HH-mm-ss', '2026-03-05-07-08-09'],
    ['yy/M/d/H/m/s', '26/3/5/7/8/9'],
    ['uuuu', '2026'],
    ['DDD', '064'],
    ['SSS', '045'],
    ["'year='yyyy", 'year=2026'],
    ["HH 'o''clock'", "07 o'clock"],
  ])('%s', (pattern, text) => {
    expect(formatJavaDate(pattern, TIME)).toBe(text);
  });

  it('shows the time of a zone', () => {
    expect(formatJavaDate('yyyy-MM-dd HH', Date.UTC(2026, 0, 1, 2), 'America/New_York')).toBe(
      '2025-12-31 21',
    );
  });

  it.each(['YYYY', 'MMM', 'EEE', 'hh'])('that is not understood is refused: %s', (pattern) => {
    expect(() => formatJavaDate(pattern, TIME)).toThrow(/is not understood/);
  });
});

describe('a prefix', () => {
  it('shows the time it is given', () => {
    expect(evaluatePrefix('events/year=!{timestamp:yyyy}/hour=!{timestamp:HH}/', TIME)).toBe(
      'events/year=2026/hour=07/',
    );
  });

  it('without a time gets the service’s own', () => {
    expect(evaluatePrefix('events/', TIME)).toBe('events/2026/03/05/07/');
  });

  it('for errors names the kind of error', () => {
    const prefix = 'errors/!{firehose:error-output-type}/!{timestamp:yyyy}/';
    expect(evaluatePrefix(prefix, TIME, 'UTC', 'processing-failed')).toBe('errors/processing-failed/2026/');
  });

  it('may hold random text', () => {
    expect(evaluatePrefix('!{firehose:random-string}/!{timestamp:yyyy}', TIME)).toMatch(
      /^[A-Za-z0-9]{11}\/2026$/,
    );
  });

  it.each([
    'events/!{firehose:error-output-type}/',
    '!{partitionKeyFromQuery:site}/',
    '!{timestamp:yyyy',
    '!{timestamp:QQ}',
  ])('that is not understood, or not allowed, is refused: %s', (prefix) => {
    expect(() => evaluatePrefix(prefix, TIME)).toThrow(/Prefix|pattern/);
  });
});
