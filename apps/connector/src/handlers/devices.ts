import { AppError, type Contract, type DomainHandlers } from '@chat-manager/contracts';
import type { FleetContext } from '../context.ts';
import { type Device, findDevice, unwantDevice, wantDevice } from '../database/devices.ts';

/** Answered by any connector, from the table: they must work while nobody holds the user's socket. */
export const devices: DomainHandlers<Contract['connectors']['devices'], FleetContext> = {
	get: (context, _input, { userId }) => describe(context, userId),

	async link(context, { network }, { userId }) {
		if (context.networks[network] === undefined) {
			throw new AppError('invalid_input', `network: ${network} is not offered by this installation.`);
		}
		const device = await findDevice(context.db, userId);
		if (device?.wanted && device.state !== 'linking') {
			throw new AppError(
				'already_linked',
				'A device is linked already. Unlink it first if you want to link another one.',
			);
		}
		if (!device?.wanted || device.network !== network) {
			await wantDevice(context.db, userId, network);
			context.announceDevice(userId);
		}
		return describe(context, userId);
	},

	async unlink(context, _input, { userId }) {
		// First, while the credentials are there. An offline device stays listed on the phone until it is removed there.
		await context.holder.sessions.logout({ userId }).catch((err: unknown) => {
			context.logger.info({ err, userId }, 'the device was offline when it was unlinked');
		});
		await unwantDevice(context.db, userId);
		context.announceDevice(userId);
		return describe(context, userId);
	},
};

const advice: Record<Device['state'], string> = {
	unlinked: 'Link a WhatsApp device to begin.',
	linking: 'Scan the QR code: in WhatsApp on your phone, open Linked devices and choose Link a device.',
	connecting: 'The device is being connected; this takes a few seconds.',
	connected: 'Your device is connected.',
	reconnecting: 'The connection broke and is being made again.',
	offline:
		'WhatsApp cannot be reached at the moment; we keep trying. Messages are delivered when it is back.',
	replaced: 'Another program took over this link. Link the device again to use it here.',
	logged_out: 'The device was removed on your phone. Link it again.',
	restricted: 'WhatsApp refused this account. Check it on your phone before you link it again.',
};

async function describe({ db, vault, networks, isAlive }: FleetContext, userId: string) {
	const device = await findDevice(db, userId);
	if (device === undefined) {
		return {
			state: 'unlinked' as const,
			network: null,
			qr: null,
			qrExpiresAt: null,
			phone: null,
			advice: advice.unlinked,
		};
	}
	const isHeld = device.owner !== null && isAlive(device.owner);
	const state = device.state === 'connected' && !isHeld ? 'reconnecting' : device.state;
	const network = device.network in networks ? (device.network as keyof typeof networks) : null;
	return {
		state,
		network,
		qr: device.qr && (await vault.open({ userId, row: 'devices/qr' }, device.qr)).toString(),
		qrExpiresAt: device.qr_expires_at?.toISOString() ?? null,
		phone: device.phone,
		advice: advice[state],
	};
}
