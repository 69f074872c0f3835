/**
 * libsignal writes straight to the console, private ratchet keys included ("Closing session:" dumps the whole session).
 * Nothing else in this process may use the console, so it is silenced once, before Baileys is loaded.
 */
const silence = () => {};
for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const) {
	Object.defineProperty(globalThis.console, method, { value: silence, writable: false });
}
