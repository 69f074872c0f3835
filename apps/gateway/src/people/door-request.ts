import type { Door } from './doors.ts';

/** A request at one of the `doors`, its body parsed. */
export type DoorRequest = {
	path: string;
	door: Door;
	body: Record<string, unknown>;
	cookie: string | undefined;
	userAgent: string | undefined;
	/** From which it comes; attempts are counted by it. */
	address: string;
};

export type DoorAnswer = { body: unknown; cookies: string[] };

/** A door of which better-auth alone does not know, or not enough. */
export type OwnDoor = (request: DoorRequest) => Promise<DoorAnswer>;
