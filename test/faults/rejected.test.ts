import { missingRejected } from '../../local/faults/rejected';

/** Rejected events by id: so many of each reason. */
function rejected(counts: Readonly<Record<string, number>>): Map<string, string> {
  return new Map(
    Object.entries(counts).flatMap(([reason, count]) =>
      Array.from({ length: count }, (_, index) => [`${reason}-${index}`, reason] as const),
    ),
  );
}

describe('what must come to rejected/', () => {
  const truth = { rejectedByReason: { not_json: 3, missing_site_id: 2 } };

  it('is missing where fewer events were found than the truth knows', () => {
    expect(missingRejected(truth, new Map(), rejected({ not_json: 1 }))).toEqual([
      { what: 'rejected: not_json', expected: 3, found: 1 },
      { what: 'rejected: missing_site_id', expected: 2, found: 0 },
    ]);
  });

  it('is not what lay there before', () => {
    const all = rejected({ not_json: 3, missing_site_id: 2 });
    expect(missingRejected(truth, rejected({ not_json: 2 }), all)).toEqual([
      { what: 'rejected: not_json', expected: 3, found: 1 },
    ]);
  });

  it('may be more: producers send again what they got no answer for', () => {
    const more = rejected({ not_json: 5, missing_site_id: 2, bad_gzip: 1 });
    expect(missingRejected(truth, new Map(), more)).toEqual([]);
  });
});
