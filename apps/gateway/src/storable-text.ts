import { AppError } from '@chat-manager/contracts';

/** Refuses the one character that JSON allows and Postgres cannot store, wherever in an input it stands. */
export function assertStorable(value: unknown, path = ''): void {
	if (typeof value === 'string') {
		if (value.includes('\0')) throw unstorable(path);
	} else if (typeof value === 'object' && value !== null) {
		for (const [key, item] of Object.entries(value))
			assertStorable(item, path === '' ? key : `${path}.${key}`);
	}
}

function unstorable(path: string): AppError {
	const field = path === '' ? '' : `${path}: `;
	return new AppError('invalid_input', `${field}must not contain the character U+0000.`);
}
