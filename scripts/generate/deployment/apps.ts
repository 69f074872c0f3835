import type { DatabaseService } from '@chat-manager/database';
import { defaultStopTimeoutMs, type Setting } from '@chat-manager/service';
import { config as connector, stopTimeoutMs as connectorStopMs } from '../../../apps/connector/src/config.ts';
import { config as gateway, stopTimeoutMs as gatewayStopMs } from '../../../apps/gateway/src/config.ts';
import { config as storage } from '../../../apps/storage/src/config.ts';
import { config as webhooks } from '../../../apps/webhooks/src/config.ts';

/** What operators need to know of an app to run it; the compose file and the chart are made of it. */
export type App = {
	config: { settings: readonly Setting[]; load(env: Readonly<Record<string, string | undefined>>): unknown };
	title: string;
	/** Until it has ended by itself after SIGTERM, with its default settings. */
	stopMs: number;
	/** A share of a processor to begin with, and memory it never needs more of, with its default settings. */
	cpu: string;
	memoryMb: number;
	/** Whether it makes connections to places outside. */
	goesOut: boolean;
};

export const apps: Readonly<Record<DatabaseService, App>> = {
	gateway: {
		config: gateway,
		title: 'the only public door: MCP, /api, the dashboard',
		stopMs: gatewayStopMs({ CM_LEAVE_SECONDS: Number(defaultOf(gateway, 'CM_LEAVE_SECONDS')) }),
		cpu: '250m',
		memoryMb: 768,
		goesOut: true, // To the mail server.
	},
	connector: {
		config: connector,
		title: 'one WhatsApp socket a user',
		stopMs: connectorStopMs({ CM_DRAIN_SECONDS: Number(defaultOf(connector, 'CM_DRAIN_SECONDS')) }),
		cpu: '500m',
		memoryMb: 2_048,
		goesOut: true, // To WhatsApp.
	},
	storage: {
		config: storage,
		title: 'the record',
		stopMs: defaultStopTimeoutMs,
		cpu: '250m',
		memoryMb: 768,
		goesOut: false,
	},
	webhooks: {
		config: webhooks,
		title: 'events out',
		stopMs: defaultStopTimeoutMs,
		cpu: '250m',
		memoryMb: 768,
		goesOut: true, // To people's endpoints.
	},
};

/** What infra/Dockerfile says by ENV, or the container makes of no use to say; a test compares the two. */
export const saidByImage: readonly string[] = [
	'NODE_ENV',
	'HOST',
	'PORT',
	'HEALTH_HOST',
	'HEALTH_PORT',
	'CM_DASHBOARD_DIR',
];

/** What an installation has to give an app: neither for development nor said by the image. */
export function settingsFor(app: DatabaseService) {
	return apps[app].config.settings.filter(
		({ name, development }) => !development && !saidByImage.includes(name),
	);
}

export function defaultOf({ settings }: Pick<App['config'], 'settings'>, name: string): unknown {
	const found = settings.find((setting) => setting.name === name);
	if (found === undefined) throw new Error(`No such setting: ${name}`);
	return found.default;
}
