import { describe, expect, it } from 'vitest';
import { isLoopbackAddress, isPublicAddress } from '../src/delivery/addresses.ts';

describe('isPublicAddress', () => {
	it.each([
		'0.0.0.0',
		'10.1.2.3',
		'100.64.0.1',
		'100.100.100.200',
		'127.0.0.1',
		'127.255.255.254',
		'168.63.129.16',
		'169.254.169.254',
		'172.16.0.1',
		'172.31.255.255',
		'192.0.0.192',
		'192.168.1.1',
		'198.18.0.1',
		'224.0.0.1',
		'255.255.255.255',
		'::',
		'::1',
		'::7f00:1',
		'::127.0.0.1',
		'::ffff:127.0.0.1',
		'::ffff:7f00:1',
		'0:0:0:0:0:ffff:a00:1',
		'::ffff:169.254.169.254',
		'::ffff:0:10.0.0.1',
		'64:ff9b::10.0.0.1',
		'64:ff9b::a9fe:a9fe',
		'64:ff9b::',
		'64:ff9b:1::808:808',
		'2001::1',
		'2001:db8::1',
		'2002:7f00:1::',
		'2002:808:808::1',
		'fc00::1',
		'fd00:ec2::254',
		'fe80::1',
		'fe80::1%eth0',
		'fec0::1',
		'ff02::1',
		'100::1',
		'not an address',
		'',
	])('refuses %s', (address) => {
		expect(isPublicAddress(address)).toBe(false);
	});

	it.each([
		'8.8.8.8',
		'172.15.255.255',
		'172.32.0.1',
		'100.63.255.255',
		'100.128.0.1',
		'193.0.14.129',
		'223.255.255.255',
		'2606:4700:4700::1111',
		'2a00:1450:4001:800::200e',
		'::ffff:8.8.8.8',
		'64:ff9b::8.8.8.8',
	])('allows %s', (address) => {
		expect(isPublicAddress(address)).toBe(true);
	});
});

describe('isLoopbackAddress', () => {
	it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('knows %s', (address) => {
		expect(isLoopbackAddress(address)).toBe(true);
	});
	it.each(['10.0.0.1', '::', '8.8.8.8', 'fe80::1', '::ffff:10.0.0.1'])('knows that %s is none', (address) => {
		expect(isLoopbackAddress(address)).toBe(false);
	});
});
