/** What is wrong with one setting. Never holds the value: it may be a secret. */
export type ConfigFault = { readonly setting: string; readonly fault: string };

/** All faults of the settings together; the message is one line for each, ready to print. */
export class ConfigError extends Error {
	override readonly name = 'ConfigError';
	readonly faults: readonly ConfigFault[];

	constructor(faults: readonly ConfigFault[]) {
		super(faults.map(({ setting, fault }) => `${setting}: ${fault}`).join('\n'));
		this.faults = faults;
	}
}
