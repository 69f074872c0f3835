import { join } from 'node:path';
import { freePort, type Log } from '@chat-manager/embedded';
import type { Secrets } from './secrets.ts';
import { createServiceProcess, type ServiceProcess } from './service-process.ts';
import { type Environment, environments, type Places, type ServiceName } from './services.ts';

export type ProcessOptions = {
	/** A folder with the sources of another version, dependencies included. */
	sources?: string;
	/** Settings of this process, beside those of its service. */
	settings?: Environment;
};

export type Processes = {
	/** One more process of a service, not started yet. Every gateway but the first has a port of its own. */
	create(service: ServiceName, options?: ProcessOptions): Promise<ServiceProcess>;
	all(): ServiceProcess[];
	get(name: string): ServiceProcess;
};

/** The processes of the services, by name: `connector`, and `connector-2` for the second. */
export function createProcesses(options: {
	secrets: Secrets;
	places: Places;
	settings: Partial<Record<ServiceName, Environment>>;
	logs: string;
	log: Log;
}): Processes {
	const { secrets, places, settings, logs, log } = options;
	const processes = new Map<string, ServiceProcess>();
	const counts = new Map<ServiceName, number>();
	return {
		async create(service, own = {}) {
			const replica = (counts.get(service) ?? 0) + 1;
			counts.set(service, replica);
			const name = replica === 1 ? service : `${service}-${replica}`;
			const gatewayPort = replica === 1 ? places.gatewayPort : await freePort();
			const process = createServiceProcess({
				name,
				service,
				environment: {
					...environments[service](secrets, { ...places, gatewayPort }, replica),
					...settings[service],
					...own.settings,
				},
				logFile: join(logs, `${name}.log`),
				log,
				sources: own.sources,
				url: service === 'gateway' ? `http://127.0.0.1:${gatewayPort}` : undefined,
			});
			processes.set(name, process);
			return process;
		},
		all: () => [...processes.values()],
		get(name) {
			const found = processes.get(name);
			if (found === undefined) throw new Error(`The service ${name} is not part of this system`);
			return found;
		},
	};
}
