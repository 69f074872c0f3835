/** Small choices of appearance that this browser keeps. Where it keeps nothing (a private window), they last until a reload. */
export function remember(name: 'language' | 'theme', value: string): void {
	try {
		localStorage.setItem(`chat-manager.${name}`, value);
	} catch {
		// Nothing is lost but the choice.
	}
}

export function recall(name: 'language' | 'theme'): string | undefined {
	try {
		return localStorage.getItem(`chat-manager.${name}`) ?? undefined;
	} catch {
		return undefined;
	}
}
