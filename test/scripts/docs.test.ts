import { EVENT_COLUMNS } from '../../lib/event/columns';
import { REJECTION_REASONS } from '../../lib/event/rejections';
import { staleDocuments } from '../../scripts/docs';
import { eventReference } from '../../scripts/docs/eventReference';

describe('generated documents', () => {
  test('are what the code says; if not, run: npm run docs', () => {
    expect(staleDocuments()).toEqual([]);
  });

  test('name every column and every reason', () => {
    const reference = eventReference();
    for (const { name, meaning } of EVENT_COLUMNS) {
      expect(reference).toContain(`| \`${name}\` |`);
      expect(reference).toContain(meaning);
    }
    for (const reason of Object.keys(REJECTION_REASONS)) expect(reference).toContain(`| \`${reason}\` |`);
  });

  test('do not break a table with a bar', () => {
    const rows = eventReference()
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    for (const row of rows) expect([4, 9]).toContain(row.split('|').length);
  });
});
