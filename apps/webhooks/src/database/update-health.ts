import { sql } from 'kysely';
import type { Completion } from './complete-deliveries.ts';
import type { Db, DisabledReason } from './tables.ts';

const hour = 3_600_000;
/** A delivery was given up and nothing was accepted for so long: the endpoint is disabled. Shorter than the retries take. */
const disableAfterMs = 60 * hour;
/** How long an overloaded endpoint is left alone: the first time, doubled each time after it, and at the most. */
const throttleBaseMs = 5_000;
const throttleDoublingCapMs = 10 * 60_000;
const throttleMaxMs = hour;

/**
 * What completions say about their endpoints. One that accepted something works: whatever failed before is forgotten. One of
 * which nothing was accepted has been failing since its first failure; one that answered "overloaded" is left alone for a
 * while, by every dispatcher; one that is gone, or has failed for days, is disabled, and what waits for it is cancelled.
 */
export async function updateHealth(db: Db, completions: readonly Completion[]): Promise<void> {
	const reports = summarize(completions);
	if (reports.length === 0) return;
	// Locked in the order of their ids, so that two dispatchers do not wait for each other. Columns are named one by one: with a
	// star it would not be prepared, and it takes longer to plan than to run.
	const { rows: disabled } = await sql<{ id: string; user_id: string; disabled_at: Date }>`
		with report as (
			select * from unnest(
				${reports.map(({ endpointId }) => endpointId)}::text[], ${reports.map(({ userId }) => userId)}::text[],
				${reports.map(({ acceptedAt }) => acceptedAt)}::timestamptz[],
				${reports.map(({ failedAt }) => failedAt)}::timestamptz[],
				${reports.map(({ throttleMs }) => throttleMs)}::double precision[],
				${reports.map(({ askedAt }) => askedAt)}::timestamptz[],
				${reports.map(({ isGone }) => isGone)}::boolean[], ${reports.map(({ gaveUp }) => gaveUp)}::boolean[]
			) as report (id, user_id, accepted_at, failed_at, throttle_ms, asked_at, is_gone, gave_up)
		),
		locked as (
			select id, user_id, endpoints.disabled_at, endpoints.failing_since, endpoints.throttles, endpoints.throttled_until
			from endpoints join report using (id, user_id) order by id for no key update of endpoints
		),
		judged as (
			select id, user_id, accepted_at, failed_at, throttle_ms, is_gone, gave_up, locked.disabled_at as was_disabled_at,
				case when report.accepted_at is null then coalesce(locked.failing_since, report.failed_at) end as failing_since,
				-- What began before it was left alone says nothing new.
				case when report.accepted_at is not null then 0 else locked.throttles end
					+ case when report.asked_at >= coalesce(locked.throttled_until, report.asked_at) then 1 else 0 end as throttles
			from locked join report using (id, user_id)
		)
		update endpoints set
			last_delivery_at = greatest(endpoints.last_delivery_at, judged.accepted_at),
			failing_since = judged.failing_since,
			throttles = judged.throttles,
			throttled_until = case when judged.throttle_ms is null then endpoints.throttled_until else
				greatest(endpoints.throttled_until, judged.failed_at + make_interval(secs =>
					least(${throttleMaxMs}, greatest(judged.throttle_ms, least(${throttleDoublingCapMs},
						${throttleBaseMs} * power(2, least(judged.throttles, 20) - 1)))) / 1000.0)) end,
			disabled_at = coalesce(endpoints.disabled_at, case when ${fails()} then judged.failed_at end),
			disabled_reason = coalesce(endpoints.disabled_reason,
				case when judged.is_gone then ${'gone' satisfies DisabledReason} when ${fails()} then ${'failing' satisfies DisabledReason} end)
		from judged where endpoints.id = judged.id and endpoints.user_id = judged.user_id
		returning endpoints.id, endpoints.user_id,
			case when judged.was_disabled_at is null then endpoints.disabled_at end as disabled_at`.execute(db);
	for (const { id, user_id, disabled_at } of disabled) {
		if (disabled_at === null) continue;
		// What another dispatcher leases at this moment finds out by itself.
		await sql`
			update deliveries set state = 'cancelled', finished_at = ${disabled_at}
			where endpoint_id = ${id} and user_id = ${user_id} and state = 'pending'`.execute(db);
	}
}

function fails() {
	return sql`(judged.is_gone or (judged.gave_up and judged.failing_since is not null
		and judged.failed_at - judged.failing_since >= make_interval(secs => ${disableAfterMs / 1000})))`;
}

type Report = {
	endpointId: string;
	userId: string;
	/** When it last accepted something. */
	acceptedAt: Date | null;
	/** When an attempt last failed. */
	failedAt: Date | null;
	throttleMs: number | null;
	/** When the attempt began that was answered "overloaded"; the last one. */
	askedAt: Date | null;
	isGone: boolean;
	gaveUp: boolean;
};

function summarize(completions: readonly Completion[]): Report[] {
	const reports = new Map<string, Report>();
	for (const { endpointId, userId, state, attempt, isGone = false, throttleMs } of completions) {
		if (attempt === undefined) continue;
		const report = reports.get(endpointId) ?? {
			endpointId,
			userId,
			acceptedAt: null,
			failedAt: null,
			throttleMs: null,
			askedAt: null,
			isGone: false,
			gaveUp: false,
		};
		reports.set(endpointId, report);
		const at = new Date(attempt.at.getTime() + attempt.latencyMs);
		if (state === 'delivered') report.acceptedAt = later(report.acceptedAt, at);
		else report.failedAt = later(report.failedAt, at);
		if (throttleMs !== undefined) {
			report.throttleMs = Math.max(report.throttleMs ?? 0, throttleMs);
			report.askedAt = later(report.askedAt, attempt.at);
		}
		report.isGone ||= isGone;
		report.gaveUp ||= state === 'given_up';
	}
	return [...reports.values()];
}

function later(one: Date | null, other: Date): Date {
	return one !== null && one > other ? one : other;
}
