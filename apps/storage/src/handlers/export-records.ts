import type { Contract } from '@chat-manager/contracts';
import type { z } from 'zod';
import type { StorageContext } from '../context.ts';
import { countRecords, exportReaders } from '../database/queries/export-record.ts';

export type ExportPage = z.input<Contract['storage']['account']['exportRecord']['output']>;

const pageSize = 1_000;

/** A page of what is kept of a kind that is no message. */
export async function exportRecords(
	{ db, cursors }: StorageContext,
	args: { userId: string; kind: keyof typeof exportReaders; cursor: string | undefined },
): Promise<ExportPage> {
	const { userId, kind, cursor } = args;
	const scope = { userId, list: `export/${kind}` };
	const after = cursor === undefined ? '' : (await cursors.open(scope, cursor)).tie;
	const rows = await exportReaders[kind](db, { userId, after, limit: pageSize + 1 });
	const page = rows.slice(0, pageSize);
	const last = rows.length > pageSize ? page.at(-1) : undefined;
	return {
		records: page.map(({ record }) => record),
		nextCursor: last === undefined ? null : await cursors.seal(scope, { atMs: 0, tie: last.key }),
		total: cursor === undefined ? await countRecords(db, userId, kind) : null,
	};
}
