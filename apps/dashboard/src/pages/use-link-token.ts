import { useEffect, useState } from 'react';

/** What was read before: React may ask for a first state twice, and the page may be left and come back to. */
const taken = new Map<string, string>();

/**
 * The secret behind the # of a link that was mailed, '' without one. It goes from the address as soon as it is read. Another link
 * may be opened while the page is there: only what is behind the # changes then.
 */
export function useLinkToken(name: 'token' | 'invitation'): string {
	const [token, setToken] = useState(() => takeLinkToken(name));
	useEffect(() => {
		const take = () => setToken(takeLinkToken(name));
		addEventListener('hashchange', take);
		return () => removeEventListener('hashchange', take);
	}, [name]);
	return token;
}

function takeLinkToken(name: string): string {
	const key = `${location.pathname} ${name}`;
	const token = new URLSearchParams(location.hash.slice(1)).get(name);
	if (token === null) return taken.get(key) ?? '';
	taken.set(key, token);
	history.replaceState(history.state, '', location.pathname);
	return token;
}
