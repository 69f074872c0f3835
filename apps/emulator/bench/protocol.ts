/** What the two processes of the benchmark say to each other. */
export type Setup = {
	readonly op: 'setup';
	/** Linked devices; all of them connect. */
	readonly sockets: number;
	readonly groups: number;
	/** Simulated people in each group; they write. */
	readonly people: number;
	/** Linked devices in each group; they read. */
	readonly devicesPerGroup: number;
};
export type Run = {
	readonly op: 'run';
	readonly perSecond: number;
	readonly seconds: number;
	/** A file for a CPU profile. */
	readonly profile?: string | undefined;
};
export type Measure = { readonly op: 'measure'; readonly seconds: number };
export type Request = Setup | Run | Measure;

export type Identity = {
	readonly phone: string;
	readonly deviceId: number;
	readonly publicKey: string;
	readonly privateKey: string;
};
export type SetupDone = {
	readonly url: string;
	readonly identities: readonly Identity[];
	readonly makingMs: number;
};
export type Usage = {
	readonly wallMs: number;
	readonly cpuMs: number;
	readonly rssMb: number;
	/** Delay of the event loop in milliseconds, beyond the timer it is measured with. */
	readonly delayP50Ms: number;
	readonly delayP99Ms: number;
	readonly delayMaxMs: number;
	readonly online: number;
};
export type RunDone = Usage & { readonly sent: number; readonly failed: number; readonly skipped: number };
