import { AppError } from '@chat-manager/contracts';
import { expect, test } from 'vitest';
import { createLogger, type Logger } from '../src/index.ts';

test('a line is JSON with level, time and service', () => {
	const line = logged((logger) => logger.info({ op: 'groups.list', ms: 3 }, 'done'));
	expect(line).toMatchObject({ level: 'info', service: 'test', op: 'groups.list', ms: 3, msg: 'done' });
	expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT/);
});

test('what is logged under the name of a secret is redacted at any depth', () => {
	const secrets = {
		token: 'S',
		accessToken: 'S',
		Authorization: 'S',
		'set-cookie': 'S',
		dbPassword: 'S',
		webhook_secret: 'S',
		key: 'S',
		noiseKey: { private: 'S' },
		qr: 'S',
		pairingCode: 'S',
	};
	const line = logged((logger) =>
		logger.child({ sessionToken: 'S' }).warn({ ...secrets, deep: [{ headers: secrets }] }, 'x'),
	);
	expect(JSON.stringify(line)).not.toContain('"S"');
	expect(line).toMatchObject({ token: '[redacted]', sessionToken: '[redacted]' });
});

test('what only sounds like a secret stays: ids, counts, codes', () => {
	const fields = { tokenId: 'tok_1', tokens: 12, code: 'timeout', keyCount: 2, monkey: 'm' };
	expect(logged((logger) => logger.info(fields, 'x'))).toMatchObject(fields);
});

test('credentials inside a text are scrubbed', () => {
	const line = logged((logger) =>
		logger.info(
			{ url: 'postgres://cm:hunter2@db:5432/x', header: 'Bearer abc.def', note: 'cm_pat_AbC-123' },
			'refused whsec_c2VjcmV0',
		),
	);
	expect(line).toMatchObject({
		url: 'postgres://cm:[redacted]@db:5432/x',
		header: 'Bearer [redacted]',
		note: 'cm_pat_[redacted]',
		msg: 'refused whsec_[redacted]',
	});
});

test('an error is logged with its code and the chain of its causes, without its other fields', () => {
	const database = Object.assign(new Error('duplicate key'), {
		code: '23505',
		detail: 'Key (email)=(a@b.c)',
	});
	const error = new AppError('internal', 'It was not stored.', {
		cause: new Error('insert', { cause: database }),
	});
	for (const log of [
		(logger: Logger) => logger.error(error, 'x'),
		(logger: Logger) => logger.error({ err: error }, 'x'),
	]) {
		const line = logged(log);
		expect(line.err).toMatchObject({
			type: 'AppError',
			code: 'internal',
			message: 'It was not stored.',
			cause: { message: 'insert', cause: { code: '23505', message: 'duplicate key' } },
		});
		expect(JSON.stringify(line)).not.toContain('a@b.c');
	}
});

test('bytes are logged as their length, and cycles end', () => {
	const cyclic: Record<string, unknown> = { bytes: Buffer.from('plain text') };
	cyclic.self = cyclic;
	cyclic.at = new Date(0);
	cyclic.url = new URL('http://u:hunter2@host/');
	const line = logged((logger) => logger.info(cyclic, 'x'));
	expect(line).toMatchObject({
		bytes: '[10 bytes]',
		at: '1970-01-01T00:00:00.000Z',
		url: 'http://u:[redacted]@host/',
	});
});

function logged(log: (logger: Logger) => void): Record<string, unknown> {
	const lines: string[] = [];
	log(createLogger({ name: 'test', output: { write: (line) => void lines.push(line) } }));
	return JSON.parse(lines.join('')) as Record<string, unknown>;
}
