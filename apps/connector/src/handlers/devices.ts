import { AppError, type Contract, type DomainHandlers } from '@chat-manager/contracts';
import type { FleetContext } from '../context.ts';
import { type Device, findDevice, wantDevice } from '../database/devices.ts';
import { announce } from '../devices/announcer.ts';
import { adviceFor } from './device-advice.ts';
import { forgetOnPhone } from './forget-on-phone.ts';

/** Answered by any connector, from the table: they must work while nobody holds the user's socket. */
export const devices: DomainHandlers<Contract['connectors']['devices'], FleetContext> = {
	get: (context, _input, { userId }) => describe(context, userId),

	async link(context, { network, method, phone }, { userId }) {
		if (context.networks[network] === undefined) {
			throw new AppError('invalid_input', `network: ${network} is not offered by this installation.`);
		}
		if (method === 'code' && phone === undefined) {
			throw new AppError(
				'invalid_input',
				'phone: is needed to link by code, the number of the phone into which it is typed, like +15551234567.',
			);
		}
		const device = await findDevice(context.db, userId);
		if (device?.wanted && device.state !== 'linking') {
			throw new AppError(
				'already_linked',
				'A device is linked already. Unlink it first if you want to link another one.',
			);
		}
		const wanted = { network, method, phone: method === 'code' ? (phone?.replace('+', '') ?? null) : null };
		if (!device?.wanted || !isSame(device, wanted)) {
			await wantDevice(context.db, userId, wanted);
			context.fleet.announceDevice(userId);
		}
		return describe(context, userId);
	},

	async unlink(context, _input, { userId }) {
		await forgetOnPhone(context, userId);
		await tellUnlinked(context, userId).catch((err: unknown) =>
			context.logger.warn({ err, userId }, 'that a device was unlinked is not told yet'),
		);
		return describe(context, userId);
	},
};

function isSame(device: Device, wanted: { network: string; method: string; phone: string | null }): boolean {
	return (
		device.network === wanted.network &&
		device.link_method === wanted.method &&
		device.link_phone === wanted.phone
	);
}

async function tellUnlinked({ db, publish, clock }: FleetContext, userId: string): Promise<void> {
	const device = await findDevice(db, userId);
	if (device === undefined || device.wanted) return;
	const { state, reason, epoch } = device;
	const lease = { userId, epoch: Number(epoch) };
	await announce({ db, lease, publish }, 'ended', { state, reason, at: clock.now() });
}

async function describe({ db, vault, networks, fleet }: FleetContext, userId: string) {
	const device = await findDevice(db, userId);
	if (device === undefined) return nothingLinked;
	const isHeld = device.owner !== null && fleet.isAlive(device.owner);
	const state = device.state === 'connected' && !isHeld ? 'reconnecting' : device.state;
	const network = device.network in networks ? (device.network as keyof typeof networks) : null;
	const open = async (row: string, sealed: Buffer | null) =>
		sealed && (await vault.open({ userId, row }, sealed)).toString();
	return {
		state,
		network,
		qr: await open('devices/qr', device.qr),
		qrExpiresAt: device.qr_expires_at?.toISOString() ?? null,
		code: await open('devices/code', device.code),
		codeExpiresAt: device.code_expires_at?.toISOString() ?? null,
		phone: device.phone,
		reason: device.reason,
		retryAt: device.retry_at?.toISOString() ?? null,
		advice: adviceFor({ ...device, state }),
	};
}

const nothingLinked = {
	state: 'unlinked' as const,
	network: null,
	qr: null,
	qrExpiresAt: null,
	code: null,
	codeExpiresAt: null,
	phone: null,
	reason: null,
	retryAt: null,
	advice: adviceFor({ state: 'unlinked', reason: null, link_method: 'qr' }),
};
