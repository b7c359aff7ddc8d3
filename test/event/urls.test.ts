import fc from 'fast-check';
import { decodeParameter, forEachParameter, splitUrl } from '../../lib/event/urls';

/** What browsers make of an address. */
function whatwg(text: string) {
  const url = new URL(text);
  return {
    scheme: url.protocol.slice(0, -1),
    host: url.hostname || undefined,
    path: url.pathname || undefined,
    query: url.search.slice(1) || undefined,
    fragment: url.hash.slice(1) || undefined,
  };
}

describe('splitUrl', () => {
  test.each([
    'https://www.example.com',
    'https://www.example.com/',
    'http://www.example.com:8080/a/b?x=1&y=2#top',
    'https://WWW.Example.COM/Path',
    'https://www.example.com/a/../b/./c',
    'https://www.example.com/a/%2e%2e/b',
    'https://www.example.com/a/.%2e/b',
    'https://www.example.com?x=1',
    'https://www.example.com/?',
    'https://www.example.com/#',
    'https://www.example.com/a b/ü?q=ü#ü',
    "https://www.example.com/?q='quoted'",
    'https://münchen.example/',
    'https://user:secret@www.example.com/',
    'https://192.0.2.1/a',
    'https://0x7f.1/',
    'https://[2001:db8::1]/a',
    'https:\\\\www.example.com\\a',
    ' https://www.example.com/ ',
    'https://www.example.com/\ta',
    'ftp://ftp.example.com/file',
    'file:///etc/hosts',
  ])('splits %j as browsers do', (url) => {
    expect(splitUrl(url)).toEqual(whatwg(url));
  });

  test('splits any address as browsers do', () => {
    const host = fc.constantFrom(
      'example.com',
      'a.b.example',
      'EXAMPLE.com',
      'xn--mnchen-3ya.example',
      '1.2.3.4',
      '08',
      'a-b.c',
      'x',
    );
    const rest = fc.string({
      unit: fc.constantFrom(...'ab/.?#=&%2eE+-_~:@!$*(),;\'"<> |^`{}[]\\ü'),
      maxLength: 25,
    });
    const url = fc.tuple(
      fc.constantFrom('https', 'http', 'HTTP'),
      host,
      fc.constantFrom('', ':80', ':443', ':8080', ':99999'),
      rest,
    );
    fc.assert(
      fc.property(url, ([scheme, name, port, tail]) => {
        const text = `${scheme}://${name}${port}/${tail}`;
        expect(splitUrl(text)).toEqual(URL.canParse(text) ? whatwg(text) : undefined);
      }),
      { numRuns: 1_000 },
    );
  });

  test('reads the package of an Android app as a host', () => {
    expect(splitUrl('android-app://com.google.android.gm/')).toMatchObject({
      scheme: 'android-app',
      host: 'com.google.android.gm',
    });
  });

  test('gives no path to an address without a hierarchy', () => {
    expect(splitUrl('about:blank')).toEqual({ scheme: 'about' });
  });

  test.each(['', '-', '/products', 'www.example.com', 'https://', 'https://a b/', '//www.example.com/'])(
    'answers nothing for %j',
    (text) => {
      expect(splitUrl(text)).toBeUndefined();
    },
  );
});

describe('query parameters', () => {
  test('are visited in order, names without a value left out', () => {
    const seen: string[] = [];
    forEachParameter('a=1&b&c=&a=x=y&&=z', (name, value) => seen.push(`${name}:${value}`));
    expect(seen).toEqual(['a:1', 'c:', 'a:x=y', ':z']);
  });

  test.each([
    ['plain', 'plain'],
    ['autumn%20sale', 'autumn sale'],
    ['autumn+sale', 'autumn sale'],
    ['caf%C3%A9', 'café'],
    ['100%', '100%'],
    ['%zz', '%zz'],
    ['%ff', '\ufffd'],
    ['a%00b', 'ab'],
  ])('decode %j as %j', (value, expected) => {
    expect(decodeParameter(value)).toBe(expected);
  });
});
