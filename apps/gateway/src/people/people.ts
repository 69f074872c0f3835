import {
	AppError,
	type DeleteAccount,
	type EntryOptions,
	type InvitationLink,
	type SignUp,
	type WithPassword,
} from '@chat-manager/contracts';
import type { Clock, Logger } from '@chat-manager/service';
import { APIError } from 'better-auth/api';
import { z } from 'zod';
import type { Revocations } from '../access/revocations.ts';
import type { IdentityDatabase } from '../database/identity-database.ts';
import { findPerson, type Person } from '../database/people.ts';
import { deleteSession, noteProof } from '../database/sessions.ts';
import type { PublicUrl } from '../public-url.ts';
import { createAccessEnding } from './access-ending.ts';
import { addressHeader, createAuth } from './auth.ts';
import type { DoorAnswer, DoorRequest, OwnDoor } from './door-request.ts';
import type { Door } from './doors.ts';
import { createEmailDoors } from './email-doors.ts';
import { assertFresh } from './freshness.ts';
import type { Invitations } from './invitations.ts';
import { toPersonError, toServerError } from './person-error.ts';
import type { PersonLetters } from './person-letters.ts';
import { createThrottle } from './throttle.ts';

type Session = { id: string; userId: string };

export type People = AsyncDisposable & {
	/** Signs up, in, out …; throws `AppError`. */
	enter(request: DoorRequest): Promise<DoorAnswer>;
	/** Whose session the cookies carry, and cookies to renew it; undefined without a live one. */
	findSession(cookie: string | undefined): Promise<{ userId: string; cookies: string[] } | undefined>;
	/** Whether the cookies still carry a live session of this person; it is looked at, and not renewed. */
	hasSession(cookie: string | undefined, userId: string): Promise<boolean>;
};

export function createPeople(options: {
	database: IdentityDatabase;
	publicUrl: PublicUrl;
	secret: string;
	signUp: EntryOptions['signUp'];
	signUpsPerHour: number;
	signInsPerMinute: number;
	sendsMail: boolean;
	letters: PersonLetters;
	tokens: Pick<Revocations, 'announceRevoked'>;
	invitations: Invitations;
	/** How an account begins to be deleted, and a nudge to go on with it at once. */
	deletions: { begin(userId: string): Promise<void>; wake(): void };
	clock: Clock;
	logger: Logger;
}): People {
	const { database, publicUrl, clock, logger, letters, deletions, invitations } = options;
	const entry = { signUp: options.signUp, sendsMail: options.sendsMail };
	const throttle = createThrottle(options);
	const auth = createAuth({
		...options,
		db: database.db,
		hooks: {
			sendReset: letters.sendReset,
			sendConfirmation: letters.sendConfirmation,
			passwordReplaced: createAccessEnding(options),
			beginDeletion: deletions.begin,
		},
	});
	/** What goes on after its answer. */
	const behind = new Set<Promise<unknown>>();

	async function lookUp(cookie: string | undefined) {
		if (cookie === undefined) return undefined;
		const { response, headers } = await database
			.ask(() => auth.api.getSession({ headers: new Headers({ cookie }), returnHeaders: true }))
			.catch(async (thrown: unknown) => {
				throw thrown instanceof AppError ? thrown : await toServerError(database, thrown);
			});
		if (response === null) return undefined;
		const { id, userId } = response.session;
		return { id, userId, cookies: headers.getSetCookie() };
	}

	async function sessionOf({ cookie }: Pick<DoorRequest, 'cookie'>): Promise<Session> {
		const session = await lookUp(cookie);
		if (session !== undefined) return session;
		throw new AppError('unauthenticated', 'You are not signed in. Sign in and try again.');
	}

	/** Asks better-auth for something that no request says by itself. */
	async function askAuth<T>(question: () => Promise<T>): Promise<T> {
		return await database.ask(question).catch(async (thrown: unknown) => {
			throw thrown instanceof APIError
				? await toPersonError(thrown.statusCode, thrown.body, database)
				: thrown;
		});
	}

	/** Of an address that has an account already, better-auth says the same, with an id that nobody has. */
	async function isRegistered({ body }: DoorAnswer): Promise<boolean> {
		return (await findPerson(database, Registered.parse(body).user.id)) !== undefined;
	}

	/** Hands a request on to better-auth. */
	async function ask({ path, door, cookie, userAgent, address }: DoorRequest, body: object) {
		const headers = new Headers({ [addressHeader]: address });
		if (cookie !== undefined) headers.set('cookie', cookie);
		if (userAgent !== undefined) headers.set('user-agent', userAgent);
		if (door.method === 'POST') headers.set('content-type', 'application/json');
		const response = await database.ask(() =>
			auth.handler(
				new Request(`${publicUrl.origin}${path}`, {
					method: door.method,
					headers,
					body: door.method === 'POST' ? JSON.stringify(body) : null,
				}),
			),
		);
		const answer: unknown = await response.json().catch(() => null);
		if (!response.ok) throw await toPersonError(response.status, answer, database, retryAfterMs(response));
		return { body: withoutSecrets(answer), cookies: response.headers.getSetCookie() };
	}

	/** The doors that better-auth alone does not know. */
	const own: Readonly<Record<string, OwnDoor>> = {
		...createEmailDoors({
			...options,
			auth,
			throttle,
			sessionOf,
			askAuth,
			sendLink: (request) => ask(request, request.body),
		}),
		async '/api/auth/sign-up/email'(request) {
			const { invitation, ...account } = request.body as z.output<typeof SignUp>;
			const register = () => ask(request, account);
			if (entry.signUp === 'open') return await register();
			return await invitations.redeem({ token: invitation, email: account.email }, register, isRegistered);
		},
		async '/api/auth/invitation'(request) {
			const { token } = request.body as z.output<typeof InvitationLink>;
			return { body: await invitations.describe(token), cookies: [] };
		},
		'/api/auth/entry': async () => ({ body: entry, cookies: [] }),
		async '/api/auth/confirm'(request) {
			const session = await sessionOf(request);
			const { password } = request.body as z.output<typeof WithPassword>;
			throttle.takeAccount(session.userId);
			const headers = new Headers({ cookie: request.cookie ?? '' });
			await askAuth(() => auth.api.verifyPassword({ body: { password }, headers }));
			await noteProof(database, { ...session, at: new Date(clock.now()) });
			return { body: { confirmed: true }, cookies: [] };
		},
		async '/api/auth/delete-user'(request) {
			const session = await sessionOf(request);
			throttle.takeAccount(session.userId);
			const { email, password } = request.body as z.output<typeof DeleteAccount>;
			const person = await findPerson(database, session.userId);
			if (person?.email.toLowerCase() !== email.toLowerCase())
				throw new AppError('invalid_input', 'email: is not the address of this account.');
			if (password === undefined) await assertFresh({ database, clock }, session);
			const answer = await ask(request, password === undefined ? {} : { password });
			deletions.wake();
			return answer;
		},
	};

	async function perform(request: DoorRequest): Promise<DoorAnswer> {
		const { path, door, body } = request;
		const needsSession = door.needsFreshSession ?? door.replacesSession ?? door.notice !== undefined;
		const session = needsSession ? await lookUp(request.cookie) : undefined;
		if (door.needsFreshSession === true)
			await assertFresh({ database, clock }, session ?? (await sessionOf(request)));
		const handle = own[path];
		if (handle !== undefined) return await handle(request);
		const before = session && (await findPerson(database, session.userId));
		const answer = await ask(request, body);
		if (before !== undefined) await tell(door, before);
		if (door.replacesSession === true && session !== undefined) await deleteSession(database, session);
		return answer;
	}

	async function tell(door: Door, before: Person): Promise<void> {
		const notice = door.notice?.(before);
		if (notice !== undefined) await letters.sendNotice(before.id, notice);
	}

	return {
		async enter(request) {
			const { door } = request;
			if (door.isSignUp === true && entry.signUp === 'closed') throw signUpIsClosed();
			if (door.needsMail !== undefined && !entry.sendsMail) throw new AppError('forbidden', door.needsMail);
			throttle.take(request);
			if (door.answersFirst !== true) return await perform(request);
			const work: Promise<unknown> = perform(request)
				.catch((err: unknown) => logger.warn({ err, path: request.path }, 'what was asked could not be done'))
				.finally(() => behind.delete(work));
			behind.add(work);
			return { body: { status: true }, cookies: [] };
		},
		async findSession(cookie) {
			return await lookUp(cookie);
		},
		async [Symbol.asyncDispose]() {
			await Promise.allSettled(behind);
		},
		async hasSession(cookie, userId) {
			if (cookie === undefined) return false;
			const session = await database.ask(() =>
				auth.api.getSession({ headers: new Headers({ cookie }), query: { disableRefresh: true } }),
			);
			return session?.user.id === userId;
		},
	};
}

const Registered = z.object({ user: z.object({ id: z.string() }) });

function signUpIsClosed(): AppError {
	return new AppError(
		'forbidden',
		'New accounts cannot be made here. Ask the operator of this installation for one.',
	);
}

function retryAfterMs({ headers }: Response): number {
	return Number(headers.get('x-retry-after') ?? 60) * 1000;
}

/** The session's own token belongs into the cookie, which scripts cannot read, and nowhere else. */
function withoutSecrets(answer: unknown): unknown {
	return JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === 'token' ? undefined : value)));
}
