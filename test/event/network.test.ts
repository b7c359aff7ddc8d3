import { isIPv4 } from 'node:net';
import fc from 'fast-check';
import { truncateIp } from '../../lib/event/network';

describe('truncateIp', () => {
  test.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['203.0.113.77:51234', '203.0.113.0/24'],
    ['203.0.113.0/24', '203.0.113.0/24'],
    [' 203.0.113.77 ', '203.0.113.0/24'],
    ['203.0.113.77, 198.51.100.1', '203.0.113.0/24'],
    ['2001:db8:abcd:12:1:2:3:4', '2001:db8:abcd::/48'],
    ['2001:DB8::1', '2001:db8::/48'],
    ['2001:db8:0:1::', '2001:db8::/48'],
    ['[2001:db8:1::9]:443', '2001:db8:1::/48'],
    ['[2001:db8:1::9]', '2001:db8:1::/48'],
    ['fe80::1%eth0', 'fe80::/48'],
    ['::1', '::/48'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['::ffff:cb00:714d', '203.0.113.0/24'],
    ['0:0:0:0:0:ffff:203.0.113.77', '203.0.113.0/24'],
    ['64:ff9b::203.0.113.77', '64:ff9b::/48'],
  ])('makes %s the network %s', (address, network) => {
    expect(truncateIp(address)).toBe(network);
  });

  test.each([
    '',
    'unknown',
    '-',
    '203.0.113',
    '203.0.113.256',
    '2001:db8:::1',
    'example.com',
    '203.0.113.7.9',
    '[::1',
  ])('answers nothing for %j', (text) => {
    expect(truncateIp(text)).toBeUndefined();
  });

  test('never leaves more of an IPv4 address than 24 bits', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [network = '', bits] = truncateIp(address)?.split('/') ?? [];
        expect(bits).toBe('24');
        expect(isIPv4(network)).toBe(true);
        expect(network.split('.')).toEqual([...address.split('.').slice(0, 3), '0']);
      }),
    );
  });

  test('never leaves more of an IPv6 address than 48 bits, and fits its column', () => {
    const canonical = (address: string) => new URL(`http://[${address}]/`).hostname;
    const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, (all) => {
        fc.pre(all.slice(0, 5).some((group) => group !== 0));
        const text = all.map((group) => group.toString(16));
        const network = truncateIp(text.join(':')) ?? '';
        expect(network).toMatch(/\/48$/);
        expect(network.length).toBeLessThanOrEqual(43);
        const expected = [...text.slice(0, 3), '0', '0', '0', '0', '0'].join(':');
        expect(canonical(network.slice(0, -3))).toBe(canonical(expected));
        expect(truncateIp(canonical(text.join(':')).slice(1, -1))).toBe(network);
      }),
    );
  });
});

test('truncateIp ends on texts made to take long', () => {
  for (const text of ['%', '1.', ':', '[', ',', ' '])
    expect(truncateIp(`${text.repeat(1_000_000)}\n`)).toBeUndefined();
});
