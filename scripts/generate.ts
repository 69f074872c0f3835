/**
 * Writes what is derived from the contract and worth seeing in a diff (`npm run generate`), or checks that it is fresh
 * (`--check`).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiOpenApi, eventsAsyncApi, webhooksAsyncApi } from '@chat-manager/contracts';
import { alertsFile } from './generate/alerts.ts';
import { busEventsPage } from './generate/bus-events-page.ts';
import { authorizationFile, permissionFiles } from './generate/bus-permissions.ts';
import { chartFiles } from './generate/chart/chart.ts';
import { composeFile } from './generate/compose.ts';
import { contractLock } from './generate/contract-lock.ts';
import { dashboard } from './generate/dashboard.ts';
import { envExample } from './generate/env-example.ts';
import { errorsPage } from './generate/errors-page.ts';
import { eventsPage } from './generate/events-page.ts';
import { metricsPage } from './generate/metrics-page.ts';
import { settingsPage } from './generate/settings-page.ts';
import { toolsPage } from './generate/tools-page.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, '\t')}\n`;

const files: Record<string, () => string> = {
	'packages/contracts/contract.lock.json': () => json(contractLock()),
	'docs/reference/webhooks.asyncapi.json': () => json(webhooksAsyncApi),
	'docs/reference/events.asyncapi.json': () => json(eventsAsyncApi),
	'docs/reference/api.openapi.json': () => json(apiOpenApi),
	'docs/reference/webhook-events.md': eventsPage,
	'docs/reference/events.md': busEventsPage,
	'docs/reference/tools.md': toolsPage,
	'docs/reference/errors.md': errorsPage,
	'docs/reference/metrics.md': metricsPage,
	'docs/reference/settings.md': settingsPage,
	'docker-compose.yml': composeFile,
	'.env.example': envExample,
	'infra/nats/authorization.conf': authorizationFile,
	'infra/prometheus/alerts.yml': alertsFile,
	'infra/grafana/chat-manager.json': () => json(dashboard()),
	...chartFiles,
	...Object.fromEntries(
		Object.entries(permissionFiles).map(([path, permissions]) => [path, () => json(permissions())]),
	),
};

const isCheck = process.argv.includes('--check');
const stale = Object.entries(files).filter(([path, content]) => {
	const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
	const fresh = content();
	if (readOrNothing(file) === fresh) return false;
	if (!isCheck) {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, fresh);
	}
	return true;
});
if (isCheck && stale.length > 0) {
	console.error(
		`Stale: ${stale.map(([path]) => path).join(', ')}. Run npm run generate, and look at the diff.`,
	);
	process.exit(1);
}

function readOrNothing(file: string): string | undefined {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}
