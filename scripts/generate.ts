/**
 * Writes what is derived from the contract and worth seeing in a diff (`npm run generate`), or checks that it is fresh
 * (`--check`): packages/contracts/contract.lock.json, the schemas of every operation and event as they cross a boundary.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { entries, eventSpec, eventTypes, jsonSchema, scopeTable, tools } from '@chat-manager/contracts';

const lockPath = new URL('../packages/contracts/contract.lock.json', import.meta.url);
const fresh = `${JSON.stringify(contractLock(), null, '\t')}\n`;

if (!process.argv.includes('--check')) writeFileSync(lockPath, fresh);
else if (readFileSync(lockPath, 'utf8') !== fresh) {
	console.error(
		'packages/contracts/contract.lock.json is stale: run npm run generate, and look at the diff.',
	);
	process.exit(1);
}

function contractLock() {
	const toolNames = new Map(tools.map(({ name, entry }) => [entry.id, name]));
	return {
		scopes: Object.keys(scopeTable),
		operations: Object.fromEntries(
			entries.map(({ id, operation }) => [
				id,
				{
					kind: operation.kind,
					...('scope' in operation ? { scope: operation.scope } : {}),
					tool: toolNames.get(id) ?? null,
					idempotent: operation.idempotent,
					timeoutMs: operation.timeoutMs,
					errors: operation.errors,
					input: jsonSchema(operation.input, 'input'),
					output: jsonSchema(operation.output, 'output'),
				},
			]),
		),
		events: Object.fromEntries(eventTypes.map((type) => [type, jsonSchema(eventSpec(type).data, 'output')])),
	};
}
