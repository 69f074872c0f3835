/** Devices for loads: linked without a pairing, with everything a client needs to log in as one of them. */
export type LinkedDevicesApi = {
	/** Makes `count` devices, each with an account of its own. */
	linkedDevices(count: number, options?: LinkedDevicesOptions): Promise<LinkedDevice[]>;
	/** The same, one by one as they are made. */
	eachLinkedDevice(count: number, options?: LinkedDevicesOptions): AsyncIterable<LinkedDevice>;
};

export type LinkedDevicesOptions = {
	/** What the new numbers begin with (1 to 11 digits, "1556" when absent). Numbers that are taken are passed over. */
	readonly phonePrefix?: string;
	/** Groups, by id, of which every new account becomes a member. Nobody is told, as if it had long been so. */
	readonly groups?: readonly string[];
	/** One-time keys of each device, 30 when absent, at most 812. A client with fewer than six uploads new ones. */
	readonly preKeys?: number;
};

export type LinkedDevice = {
	readonly phone: string;
	/** `number:device@s.whatsapp.net` */
	readonly jid: string;
	readonly lid: string;
	/**
	 * Baileys' auth state as plain data, bytes written as `BufferJSON` does: `JSON.parse(JSON.stringify(auth), BufferJSON.reviver)`
	 * gives `creds` and the rows of the key store by type and id. It holds private keys.
	 */
	readonly auth: {
		readonly creds: Readonly<Record<string, unknown>>;
		readonly keys: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
	};
};
