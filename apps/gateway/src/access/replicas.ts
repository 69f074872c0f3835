import { randomUUID } from 'node:crypto';
import { type Bus, onSignal, type Signal, sendSignal } from '@chat-manager/bus';
import { SubjectToken } from '@chat-manager/contracts';
import type { Clock, Timer } from '@chat-manager/service';
import { z } from 'zod';

const replicaAlive = {
	service: 'gateway',
	name: 'replica-alive',
	data: z.object({ replicaId: SubjectToken }),
} satisfies Signal<z.ZodType>;

const aliveEveryMs = 2_000;
/** Silent for so long, a replica is taken for gone: nobody waits for it any more. */
const goneAfterMs = 7_000;

/** The gateways that run beside this one. Each says that it lives: every 2 s, and at once to one that it did not know. */
export type Replicas = Disposable & {
	readonly id: string;
	/** The ids of the others that live. */
	others(): ReadonlySet<string>;
	/** Speaks and listens on a bus from now on. */
	join(bus: Bus): void;
};

export function createReplicas({ clock }: { clock: Clock }): Replicas {
	const id = randomUUID();
	const lastHeard = new Map<string, number>();
	let joined: Bus | undefined;
	let timer: Timer | undefined;

	function sayAlive(): void {
		if (joined?.isConnected() === true) sendSignal(joined, replicaAlive, { replicaId: id });
	}

	function beat(): void {
		clock.clearTimeout(timer);
		timer = clock.setTimeout(beat, aliveEveryMs);
		sayAlive();
	}

	function hear(replicaId: string): void {
		if (replicaId === id) return;
		const isNew = !lastHeard.has(replicaId);
		lastHeard.set(replicaId, clock.monotonicMs());
		if (isNew) sayAlive();
	}

	return {
		id,
		others() {
			const now = clock.monotonicMs();
			for (const [replicaId, heardAt] of lastHeard)
				if (now - heardAt > goneAfterMs) lastHeard.delete(replicaId);
			return new Set(lastHeard.keys());
		},
		join(bus) {
			joined = bus;
			onSignal(bus, replicaAlive, ({ replicaId }) => hear(replicaId));
			beat();
		},
		[Symbol.dispose]() {
			clock.clearTimeout(timer);
			joined = undefined;
		},
	};
}
