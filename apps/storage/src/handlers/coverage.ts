import type { Coverage, Message } from '@chat-manager/contracts';
import type { z } from 'zod';
import type { CoverageRow } from '../database/queries/coverage.ts';

type Gap = z.input<typeof Coverage>['gaps'][number];

/** For so long WhatsApp keeps what a linked device did not fetch; what is older than that may be missing. */
const queueMs = 14 * 24 * 3_600_000;

/**
 * What a page of messages covers: since when the group is captured, all spans in which nothing was stored or the device was
 * not there, and what on this page could not be decrypted. Placeholders that follow one another are one gap; inside of
 * another gap they say nothing new.
 */
export function coverageOf(
	{ captured_from, storing, pauses, device }: CoverageRow,
	page: readonly z.input<typeof Message>[],
	/** When messages were sent that could not be searched. */
	unsearched: readonly Date[] = [],
): z.input<typeof Coverage> {
	const off = [...mergePauses(pauses, captured_from), ...absences(device, captured_from)];
	const unread = [...placeholderRuns(page), ...unsearched.map(momentOf)].filter(
		(gap) => !off.some((pause) => contains(pause, gap)),
	);
	const gaps = [...off, ...unread].sort((a, b) => Date.parse(b.from) - Date.parse(a.from));
	return { capturedFrom: captured_from.toISOString(), storing, gaps };
}

/** Pauses of the account and of the group overlap: together they are one. They come sorted by their beginning. */
function mergePauses(pauses: CoverageRow['pauses'], capturedFrom: Date): Gap[] {
	const merged: { from: number; to: number }[] = [];
	for (const pause of pauses) {
		const from = Math.max(Date.parse(pause.from), capturedFrom.getTime());
		const to = pause.to === null ? Number.POSITIVE_INFINITY : Date.parse(pause.to);
		const last = merged.at(-1);
		if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
		else merged.push({ from, to });
	}
	return merged.map(({ from, to }) => ({
		from: new Date(from).toISOString(),
		to: Number.isFinite(to) ? new Date(to).toISOString() : null,
		reason: 'storage_off',
	}));
}

/**
 * Spans without the device. After one that was shorter than WhatsApp's own queue everything came; while it lasts, everything
 * may still come. What was written while nothing was linked never comes.
 */
function absences(device: CoverageRow['device'], capturedFrom: Date): Gap[] {
	const gaps: Gap[] = [];
	let from: number | undefined;
	let isEnded = false;
	const close = (to: number | null) => {
		if (from === undefined) return;
		const isKept = isEnded || to === null || to - from > queueMs;
		if (isKept && (to === null || to > capturedFrom.getTime()))
			gaps.push({
				from: new Date(Math.max(from, capturedFrom.getTime())).toISOString(),
				to: to === null ? null : new Date(to).toISOString(),
				reason: isEnded ? 'device_unlinked' : 'device_offline',
			});
		[from, isEnded] = [undefined, false];
	};
	for (const { at, kind } of device) {
		if (kind === 'connected') close(Date.parse(at));
		else {
			from ??= Date.parse(at);
			isEnded ||= kind === 'ended';
		}
	}
	close(null);
	return gaps;
}

function placeholderRuns(page: readonly z.input<typeof Message>[]): Gap[] {
	const runs: Gap[] = [];
	let run: Gap | undefined;
	// Newest first: the first placeholder of a run is its end.
	for (const { kind, deleted, sentAt } of page) {
		if (kind !== 'undecryptable' || deleted) run = undefined;
		else if (run !== undefined) run.from = sentAt;
		else {
			run = { from: sentAt, to: sentAt, reason: 'undecryptable' };
			runs.push(run);
		}
	}
	return runs;
}

function momentOf(sentAt: Date): Gap {
	const at = sentAt.toISOString();
	return { from: at, to: at, reason: 'undecryptable' };
}

function contains(pause: Gap, gap: Gap): boolean {
	const isOver = pause.to !== null && gap.to !== null && Date.parse(gap.to) > Date.parse(pause.to);
	return Date.parse(gap.from) >= Date.parse(pause.from) && !isOver;
}
