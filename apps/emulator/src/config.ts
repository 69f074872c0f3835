import { z } from 'zod';

/** Everything that can be set from outside. The emulator stands alone, so it reads its own environment. */
const settings = z.object({
	CM_EMULATOR_HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on'),
	CM_EMULATOR_PORT: z.coerce
		.number()
		.int()
		.min(0)
		.max(65_535)
		.default(4599)
		.describe('Port; 0 takes a free one'),
	CM_EMULATOR_TLS_PORT: z.coerce
		.number()
		.int()
		.min(0)
		.max(65_535)
		.default(0)
		.describe('Port with TLS, for wss and media; 0 takes a free one'),
	CM_EMULATOR_CERTIFICATE: z
		.string()
		.min(1)
		.optional()
		.describe('File to write the certificate of that port to, for clients to trust'),
	CM_EMULATOR_STATE: z
		.string()
		.min(1)
		.optional()
		.describe('State file; without it all is forgotten at the end'),
	CM_EMULATOR_ADMIN_TOKEN: z.string().min(1).optional().describe('Bearer token of the admin API'),
});

export type Config = {
	readonly host: string;
	readonly port: number;
	readonly tlsPort: number;
	readonly certificatePath?: string;
	readonly statePath?: string;
	readonly adminToken?: string;
};

/** Reads the environment; names every setting that is wrong, never its value. An empty setting counts as absent. */
export function readConfig(): Config {
	// biome-ignore lint/style/noProcessEnv: the emulator imports nothing of ours, hence no defineConfig; this is the one place
	const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
	const parsed = settings.safeParse(given);
	if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
	const { CM_EMULATOR_HOST, CM_EMULATOR_PORT, CM_EMULATOR_STATE, CM_EMULATOR_ADMIN_TOKEN } = parsed.data;
	const { CM_EMULATOR_TLS_PORT, CM_EMULATOR_CERTIFICATE } = parsed.data;
	return {
		host: CM_EMULATOR_HOST,
		port: CM_EMULATOR_PORT,
		tlsPort: CM_EMULATOR_TLS_PORT,
		...(CM_EMULATOR_CERTIFICATE === undefined ? {} : { certificatePath: CM_EMULATOR_CERTIFICATE }),
		...(CM_EMULATOR_STATE === undefined ? {} : { statePath: CM_EMULATOR_STATE }),
		...(CM_EMULATOR_ADMIN_TOKEN === undefined ? {} : { adminToken: CM_EMULATOR_ADMIN_TOKEN }),
	};
}
