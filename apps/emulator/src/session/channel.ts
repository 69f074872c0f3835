import type { Stanza } from '../binary/node.ts';
import type { Finished } from '../noise/handshake.ts';

/** An encrypted connection to one client, after the handshake. */
export type Channel = {
	send(stanza: Stanza): void;
	/** Lets the client read what was sent, then closes. */
	close(): void;
	/** Cuts the connection, as a failing network does. */
	drop(): void;
};

/** What a connection is for, once the handshake has told: pairing a new device, or serving a linked one. */
export type Stage = {
	receive(stanza: Stanza): void;
	closed(): void;
};

/** Decides on the stage. Nothing means that the client was turned away. */
export type Reception = (channel: Channel, client: Finished) => Stage | undefined;
