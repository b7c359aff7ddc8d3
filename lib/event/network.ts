/** Truncates client addresses so that a person can no longer be told from their neighbours. */
import { isIPv4, isIPv6 } from 'node:net';

/** Longer than any address with port, zone id or prefix length; what follows is not looked at. */
const MAX_LENGTH = 128;

/**
 * The network of an address: IPv4 to /24 (`203.0.113.0/24`), IPv6 to /48 (`2001:db8:1::/48`). Takes a port, brackets,
 * a zone id, a prefix length and a forwarded list (its first address counts); an IPv4-mapped IPv6 address is IPv4.
 * Undefined when it is no address.
 */
export function truncateIp(value: string): string | undefined {
  const address = isIPv4(value) ? value : bareAddress(value);
  if (isIPv4(address)) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`;
  if (!isIPv6(address)) return undefined;
  const groups = expandIpv6(address);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6);
    return `${high >> 8}.${high & 255}.${low >> 8}.0/24`;
  }
  const network = groups.slice(0, 3).map((group) => group.toString(16));
  while (network.at(-1) === '0') network.pop();
  return `${network.join(':')}::/48`;
}

/** The address without list, brackets, port, zone id and prefix length. */
function bareAddress(value: string): string {
  const [first = ''] = value.slice(0, MAX_LENGTH).split(',', 1);
  const trimmed = first.trim();
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(trimmed);
  const address = bracketed?.[1] ?? trimmed.replace(/^([\d.]+):\d+$/, '$1');
  return address.replace(/[%/].*$/, '');
}

/** The eight groups of a valid IPv6 address. */
function expandIpv6(address: string): number[] {
  const hexOnly = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  );
  const [head = '', tail] = hexOnly.split('::');
  const groupsOf = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const front = groupsOf(head);
  if (tail === undefined) return front;
  const back = groupsOf(tail);
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
}
