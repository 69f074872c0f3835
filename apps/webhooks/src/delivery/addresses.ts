import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * Which addresses are public. Everything is refused that is not: the special-purpose registries of IANA
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry), multicast, and the metadata
 * services of clouds. Of IPv6 only global unicast (2000::/3) is allowed, without its special blocks; a form that carries
 * an IPv4 address (mapped, NAT64) is judged by that one, other transition forms (6to4, Teredo, IPv4-compatible) are refused.
 */
export function isPublicAddress(address: string): boolean {
	if (isIP(address) === 0) return false;
	if (!isIPv6(address)) return !refusedV4.check(address);
	const carried = carriedV4(address);
	if (carried !== undefined) return !refusedV4.check(carried);
	return globalV6.check(address, 'ipv6') && !refusedV6.check(address, 'ipv6');
}

/** An address of this very machine, in whatever form. */
export function isLoopbackAddress(address: string): boolean {
	if (isIP(address) === 0) return false;
	const v4 = isIPv6(address) ? carriedV4(address) : address;
	return v4 === undefined ? loopbackV6.check(address, 'ipv6') : loopbackV4.check(v4);
}

const refusedV4 = subnets('ipv4', [
	'0.0.0.0/8',
	'10.0.0.0/8',
	'100.64.0.0/10',
	'127.0.0.0/8',
	'168.63.129.16/32', // Azure's own services answer here.
	'169.254.0.0/16',
	'172.16.0.0/12',
	'192.0.0.0/24',
	'192.0.2.0/24',
	'192.88.99.0/24',
	'192.168.0.0/16',
	'198.18.0.0/15',
	'198.51.100.0/24',
	'203.0.113.0/24',
	'224.0.0.0/4',
	'240.0.0.0/4',
]);
const globalV6 = subnets('ipv6', ['2000::/3']);
const refusedV6 = subnets('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);
const loopbackV4 = subnets('ipv4', ['127.0.0.0/8']);
const loopbackV6 = subnets('ipv6', ['::1/128']);
/** IPv4-mapped, IPv4-translated, and the well-known prefix of NAT64: the last 32 bits are an IPv4 address. */
const carriesV4 = subnets('ipv6', ['::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96']);

function carriedV4(address: string): string | undefined {
	if (!carriesV4.check(address, 'ipv6')) return undefined;
	// The URL parser brings every spelling into one, with the last 32 bits as two groups in hexadecimal.
	const spelled = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1);
	const [low = '', high = ''] = spelled.split(':').reverse();
	const bits = (Number.parseInt(high || '0', 16) << 16) | Number.parseInt(low || '0', 16);
	return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

function subnets(family: 'ipv4' | 'ipv6', blocks: readonly string[]): BlockList {
	const list = new BlockList();
	for (const block of blocks) {
		const [address = '', prefix] = block.split('/');
		list.addSubnet(address, Number(prefix), family);
	}
	return list;
}
