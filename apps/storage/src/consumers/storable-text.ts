/**
 * Postgres keeps every character in a text but NUL. Names are chosen by strangers: one with a NUL in it must not make their
 * messages impossible to store.
 */
export function storableText(text: string): string;
export function storableText(text: string | null): string | null;
export function storableText(text: string | null): string | null {
	return text === null ? null : text.replaceAll('\0', '');
}

/** A person with a name and a phone number that can be stored. */
export function storablePerson<P extends { name: string | null; phone: string | null }>(person: P): P {
	return { ...person, name: storableText(person.name), phone: storableText(person.phone) };
}
