import { isIPv6 } from 'node:net';

/** By what the attempts of an address are counted: of IPv6 the network (/64), for a household has all of it. */
export function addressKey(address: string): string {
	const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
	if (!isIPv6(plain)) return plain;
	const [head = '', tail = ''] = plain.split('::');
	const front = head === '' ? [] : head.split(':');
	const back = tail === '' ? [] : tail.split(':');
	const groups = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => '0'), ...back];
	return groups
		.slice(0, 4)
		.map((group) => Number.parseInt(group, 16).toString(16))
		.join(':');
}
