import { expect, it } from 'vitest';
import { createQuietLogger } from '../src/whatsapp/quiet-logger.ts';

it('writes what is said again and again a few times a minute, and how often it was (complaint 6)', () => {
	const lines: [level: string, fields: object, text: string][] = [];
	let now = 0;
	const write = (level: string) => (fields: object, text: string) => void lines.push([level, fields, text]);
	const logger = createQuietLogger({ warn: write('warn'), error: write('error') } as never, () => now);
	for (let count = 0; count < 100_000; count++) logger.child({}).error({ count }, 'Bad MAC');
	logger.warn({ one: 1 }, 'Something else');
	logger.info('Nobody needs this');
	expect(lines).toHaveLength(21);
	expect(lines.at(-1)).toEqual(['warn', { one: 1 }, 'Something else']);
	now = 61_000;
	logger.error({ count: 0 }, 'Bad MAC');
	expect(lines.slice(21)).toEqual([
		['error', { repeated: 99_980 }, 'Bad MAC (many times)'],
		['error', { count: 0 }, 'Bad MAC'],
	]);
});
