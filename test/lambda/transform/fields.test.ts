import { fateOf, propertiesOf, REQUIRED, rowOf } from '../../support/eventRows';

describe('values are coerced to their columns', () => {
  test('text from numbers and truths, numbers from text', () => {
    const row = rowOf({
      user_id: 42,
      consent: true,
      session_number: '7',
      event_value: ' 1.5e2 ',
      screen_width: 411.43,
    });
    expect(row).toMatchObject({
      user_id: '42',
      consent: 'true',
      session_number: 7,
      event_value: 150,
      screen_width: 411,
    });
  });

  test('codes in upper case', () => {
    expect(rowOf({ country: 'de', currency: 'eur' })).toMatchObject({ country: 'DE', currency: 'EUR' });
  });

  test('and kept in properties when that cannot be', () => {
    const wrong = {
      occurred_at: 'yesterday',
      screen_width: 'wide',
      screen_height: 3e9,
      session_number: true,
      event_value: '1,50',
      country: 'Germany',
      currency: '€',
      user_id: { id: 1 },
      items: 'none',
      properties: [1],
    };
    const row = rowOf(wrong);
    const kept = Object.entries(wrong).map(([name, value]) => [`invalid_${name}`, value]);
    expect(propertiesOf(row)).toEqual(Object.fromEntries(kept));
    for (const name of Object.keys(wrong)) if (name !== 'properties') expect(row).not.toHaveProperty(name);
  });

  test('null and empty text are no values', () => {
    expect(rowOf({ user_id: null, page_title: '', properties: null, country: '' })).toEqual(rowOf({}));
  });

  test('too long a text is cut by bytes, too long an identifier hashed', () => {
    const fate = fateOf({ ...REQUIRED, page_title: 'ü'.repeat(600), visitor_id: 'v'.repeat(129) });
    expect(fate).toMatchObject({ kind: 'row', truncatedValues: 2 });
    const row = rowOf({ page_title: 'ü'.repeat(600), visitor_id: 'v'.repeat(129), user_id: 'v'.repeat(130) });
    expect(row.page_title).toBe('ü'.repeat(512));
    expect(row.visitor_id).toMatch(/^[0-9a-f]{32}$/);
    expect(row.user_id).not.toBe(row.visitor_id);
  });

  test('numbers that a double cannot hold keep their digits', () => {
    const row = rowOf(
      '{"event_name":"x","site_id":"y","user_id":12345678901234567890,"properties":{"order":-98765432109876543210,' +
        '"text":"12345678901234567890 \\"1\\"","huge":1e400,"small":5},"items":[{"sku":12345678901234567891}]}',
    );
    expect(row.user_id).toBe('12345678901234567890');
    expect(propertiesOf(row)).toEqual({
      order: '-98765432109876543210',
      text: '12345678901234567890 "1"',
      huge: '1e400',
      small: 5,
    });
    expect(row.items).toBe('[{"sku":"12345678901234567891"}]');
  });

  test('half a surrogate pair and NUL cannot reach a row, however deep', () => {
    const row = rowOf(
      '{"event_name":"x\\u0000","site_id":"y","page_title":"\\ud83d!","properties":{"k\\u0000":["\\udc00"]},' +
        '"items":"[\\"a\\\\u0000b\\"]"}',
    );
    expect(row).toMatchObject({ event_name: 'x', page_title: '\ufffd!', items: '["ab"]' });
    expect(propertiesOf(row)).toEqual({ k: ['\ufffd'] });
  });
});

describe('keys', () => {
  test('match columns in any letter case', () => {
    expect(rowOf('{"Event_Name":"x","SITE_ID":"y","User_Id":"u"}')).toMatchObject({
      event_name: 'x',
      site_id: 'y',
      user_id: 'u',
    });
  });

  test('in lower case win over their variants, which are kept', () => {
    const row = rowOf('{"User_ID":"a","user_id":"b","USER_ID":"c","event_name":"x","site_id":"y"}');
    expect(row.user_id).toBe('b');
    expect(propertiesOf(row)).toEqual({ invalid_user_id: 'a', invalid_user_id_2: 'c' });
  });

  test('nobody knows go to properties, in lower case at all levels', () => {
    const row = rowOf({ Coupon: 'A', nested: { Deep: [{ Deeper: 1 }] }, properties: { Color: 'red' } });
    expect(propertiesOf(row)).toEqual({ color: 'red', coupon: 'A', nested: { deep: [{ deeper: 1 }] } });
  });

  test('that become one are all kept, the one given as it is by its name', () => {
    const row = rowOf({
      COLOR: 'top',
      color: 'low',
      properties: { Color: 'upper', color: 'own', color_2: 'two' },
    });
    expect(propertiesOf(row).color).toBe('own');
    expect(propertiesOf(row).color_2).toBe('two');
    expect(Object.values(propertiesOf(row)).sort()).toEqual(['low', 'own', 'top', 'two', 'upper']);
  });

  test('named like JavaScript’s own are keys like any other', () => {
    const text =
      '{"event_name":"x","site_id":"y","__proto__":{"a":1},"constructor":2,"properties":{"__proto__":3,"A":1}}';
    const properties = rowOf(text).properties ?? '';
    expect(properties).toContain('"__proto__":3');
    expect(properties).toContain('"__proto___2":{"a":1}');
    expect(properties).toContain('"constructor":2');
  });

  test('of derived and stamped columns are not believed, but kept', () => {
    const row = rowOf({ is_bot: true, arrived_at: '2000-01-01', page_host: 'evil.example' });
    expect(row).toMatchObject({ is_bot: false, arrived_at: '2026-11-22 12:00:00.000' });
    expect(propertiesOf(row)).toEqual({ is_bot: true, arrived_at: '2000-01-01', page_host: 'evil.example' });
  });

  test('of items become lower case, and properties may be JSON in a text', () => {
    const row = rowOf({ items: [{ SKU: 'a' }], properties: '{"A":{"B":1}}' });
    expect(row.items).toBe('[{"sku":"a"}]');
    expect(propertiesOf(row)).toEqual({ a: { b: 1 } });
  });
});
