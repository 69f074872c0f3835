/**
 * Keeps libsignal off the console, in this process only. The library has no logger: it reports everyday events of the
 * simulated phones (a new session, a message that has to be asked for again) as plain lines on the console, between the
 * emulator's own log lines. Exactly its sentences are dropped; everything else passes.
 */
const SENTENCES = [
	'Closing open session in favor of incoming prekey bundle',
	'Failed to decrypt message with any known session...',
	'Session error:',
	'Decrypted message with closed session.',
];

for (const method of ['warn', 'error'] as const) {
	// biome-ignore lint/suspicious/noConsole: the console itself is the subject here
	const original = console[method];
	console[method] = (...values: unknown[]) => {
		const [first] = values;
		if (typeof first === 'string' && SENTENCES.some((sentence) => first.startsWith(sentence))) return;
		original.apply(console, values);
	};
}
