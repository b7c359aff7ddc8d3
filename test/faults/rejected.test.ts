import { missingRejected } from '../../local/faults/rejected';

describe('what must lie in rejected/', () => {
  const truth = { rejectedByReason: { not_json: 3, missing_site_id: 2 } };

  it('is missing where fewer events were found than the truth knows', () => {
    expect(missingRejected(truth, new Map([['not_json', 1]]))).toEqual([
      { what: 'rejected: not_json', expected: 3, found: 1 },
      { what: 'rejected: missing_site_id', expected: 2, found: 0 },
    ]);
  });

  it('may be more: producers send again what they got no answer for', () => {
    const found = new Map(Object.entries({ not_json: 5, missing_site_id: 2, bad_gzip: 1 }));
    expect(missingRejected(truth, found)).toEqual([]);
  });
});
