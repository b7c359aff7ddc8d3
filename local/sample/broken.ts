/** Lines as they should not be, of every kind that a pipeline meets. */

const GOOD = { event_name: 'page_view', site_id: 'trail-and-tent', received_at: '2026-11-02T08:00:00.000Z' };

/** An object nested deeper than any tracker would. */
function nested(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

/** Lines that the transform has to reject, each for the reason it is filed under. */
export const BROKEN_LINES: Readonly<Record<string, readonly string[]>> = {
  not_json: [
    'tracker restarted',
    '{"event_name":"page_view","site_id":"trail-and-tent"',
    '{"event_name":"page_view",,"site_id":"trail-and-tent"}',
    "{'event_name':'page_view','site_id':'paper-lantern'}",
    '{"event_name":"page_view","site_id":"paper-lantern"}}',
    '<html><body>502 Bad Gateway</body></html>',
    '{"event_name":"page_view","site_id":NaN}',
    '\u0000\u0000\u0000\u0000',
  ],
  not_an_object: ['[]', '["page_view","trail-and-tent"]', '42', '"page_view"', 'null', 'true'],
  missing_event_name: [
    '{}',
    '{"site_id":"paper-lantern"}',
    '{"event_name":"","site_id":"paper-lantern"}',
    '{"event_name":null,"site_id":"copper-kettle"}',
    '{"event_name":{"name":"page_view"},"site_id":"copper-kettle"}',
  ],
  missing_site_id: [
    '{"event_name":"page_view"}',
    '{"event_name":"page_view","site_id":"   "}',
    '{"event_name":"page_view","site_id":null,"page_url":"https://www.trail-and-tent.example/"}',
    '{"event_name":"purchase","site_id":["trail-and-tent"],"event_value":10}',
  ],
  site_id_too_long: [JSON.stringify({ ...GOOD, site_id: 'trail-and-tent-'.repeat(10) })],
  json_too_large: [
    JSON.stringify({ ...GOOD, properties: { dom: '<div class="row">'.repeat(3_000) } }),
    JSON.stringify({
      ...GOOD,
      items: Array.from({ length: 900 }, (_, n) => ({ sku: `TT-${n}`, name: 'Wool socks' })),
    }),
  ],
  json_too_deep: [`{"event_name":"page_view","site_id":"trail-and-tent","properties":${nested(200)}}`],
};

/** Lines that look odd and are events all the same: nothing of them may be rejected. */
export const ODD_LINES: readonly string[] = [
  '{"Event_Name":"page_view","SITE_ID":"trail-and-tent","Received_At":"2026-11-02T09:00:00Z","event_id":"odd-upper-case-keys"}',
  '{"event_name":"newsletter_signup","site_id":"paper-lantern","received_at":"2026-11-02T09:00:01Z","event_id":"odd-unknown-keys","list":"monthly","depth":{"of":{"interest":3}}}',
  '{"event_name":"page_view","site_id":"paper-lantern","received_at":1793610002000,"event_id":"odd-wrong-types","screen_width":"wide","session_number":"3","event_value":"12.50"}',
  `{"event_name":"page_view","site_id":"copper-kettle","received_at":"2026-11-02T09:00:03Z","event_id":"odd-long-title","page_title":"${'☕ kettle '.repeat(200)}"}`,
  '{"event_name":"page_view","site_id":"copper-kettle","received_at":"2026-11-02T09:00:04Z","event_id":"odd-address","page_url":"not an address","referrer_url":"android-app://com.example"}',
  '{"event_name":"page_view","site_id":"copper-kettle","received_at":"2026-11-02T09:00:05Z","event_id":"odd-naughty-text","page_title":"\'; DROP TABLE events; -- \\u202e \\ud83d\\ude00 \\t","user_id":"a,b|c\\"d"}',
  ' {"event_name" : "page_view" , "site_id" : "trail-and-tent" , "received_at" : "2026-11-02T09:00:06Z", "event_id" : "odd-spaces" } ',
];
