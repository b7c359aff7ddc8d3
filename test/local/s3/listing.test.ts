import path from 'node:path';
import fc from 'fast-check';
import { listPage } from '../../../local/s3/listing';
import { ObjectIndex } from '../../../local/s3/objectIndex';
import { tempDirectory } from '../../support/tempDirectory';

const directory = tempDirectory('listing');
let files = 0;

function indexOf(keys: readonly string[]): ObjectIndex {
  const index = new ObjectIndex(path.join(directory, `${files++}.ndjson`));
  for (const key of keys) {
    index.put({
      key,
      file: key,
      size: 0,
      eTag: '',
      lastModifiedMillis: 0,
      fileModifiedMillis: 0,
      headers: {},
    });
  }
  return index;
}

const keys = fc.uniqueArray(
  fc
    .array(fc.constantFrom('a', 'b', '/', 'é'), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join('')),
  { maxLength: 25 },
);

describe('a listing, page by page', () => {
  it('names every key under the prefix once, or the common prefix it is folded into, in order', () => {
    fc.assert(
      fc.property(
        keys,
        fc.constantFrom('', 'a', 'a/', '/', 'é'),
        fc.constantFrom('', '/', 'b'),
        fc.integer({ min: 1, max: 5 }),
        (all, prefix, delimiter, maxKeys) => {
          const expected = all
            .filter((key) => key.startsWith(prefix))
            .map((key) => {
              const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
              return end < 0 ? key : `${key.slice(0, end + 1)}...`;
            })
            .filter((entry, i, entries) => entries.indexOf(entry) === i);
          const found: string[] = [];
          const index = indexOf(all);
          for (let startAfter: string | undefined = ''; startAfter !== undefined; ) {
            const page = listPage(index, { prefix, delimiter, maxKeys, startAfter });
            const entries = [
              ...page.objects.map(({ key }) => key),
              ...page.commonPrefixes.map((p) => `${p}...`),
            ];
            expect(entries.length).toBeLessThanOrEqual(maxKeys);
            expect(entries.length > 0 || found.length === 0).toBe(true);
            found.push(...entries);
            startAfter = page.nextStartAfter;
          }
          index.close();
          expect(found.sort()).toEqual(expected.sort());
        },
      ),
    );
  });

  it('knows keys again after the journal is read again, whatever was deleted', () => {
    const file = path.join(directory, `${files++}.ndjson`);
    fc.assert(
      fc.property(keys, keys, (put, deleted) => {
        const open = () => new ObjectIndex(file);
        const first = open();
        for (const object of [...first.objects()]) first.delete(object.key);
        for (const key of put) {
          first.put({
            key,
            file: key,
            size: 0,
            eTag: '',
            lastModifiedMillis: 0,
            fileModifiedMillis: 0,
            headers: {},
          });
        }
        for (const key of deleted) if (first.get(key)) first.delete(key);
        first.close();
        const second = open();
        const left = put.filter((key) => !deleted.includes(key));
        expect([...second.objects()].map(({ key }) => key).sort()).toEqual(left.sort());
        second.close();
      }),
    );
  });
});
