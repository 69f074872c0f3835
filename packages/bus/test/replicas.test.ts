import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats } from '@chat-manager/embedded';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { connectBus, ensureEventStream, openBucket, updateEventStream } from '../src/index.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

it('says what is wrong where a server without a cluster is to keep three replicas', async () => {
	await using cleanup = new AsyncDisposableStack();
	const dataDir = await mkdtemp(join(tmpdir(), 'cm-replicas-'));
	cleanup.defer(() => rm(dataDir, { recursive: true, force: true }));
	const nats = cleanup.use(await startNats({ dataDir, logger: silent }));
	const connect = async (replicas: number) =>
		cleanup.use(await connectBus({ url: nats.url, service: 'test', log: silent, replicas }));
	const three = await connect(3);
	const fault = /without a cluster.*CM_NATS_REPLICAS/;
	await expect(ensureEventStream(three)).rejects.toThrow(fault);
	await expect(openBucket(three, 'TEST', z.string())).rejects.toThrow(fault);
	await ensureEventStream(await connect(1));
	await expect(updateEventStream(three)).rejects.toThrow(fault);
});
