import type { ActiveFault, FaultInput } from '../faults/fault.ts';
import type { Faults } from '../faults/faults.ts';
import { type PlanOptions, planFaults } from '../faults/plan.ts';
import { Refusal } from '../network/refusal.ts';

/** Everything that can be made to go wrong, on demand. */
export type FaultsApi = {
	add(fault: FaultInput): ActiveFault;
	/** Every fault since the last `clear`, spent ones included. */
	list(): ActiveFault[];
	remove(id: string): void;
	clear(): void;
	/** Adds so many faults drawn by lot; the same seed gives the same ones. */
	random(options: PlanOptions): ActiveFault[];
};

export function createFaultsApi(faults: Faults): FaultsApi {
	return {
		add: faults.add,
		list: faults.list,
		remove(id) {
			if (!faults.remove(id)) throw new Refusal(404, `There is no fault ${id}.`);
		},
		clear: faults.clear,
		random: (options) => planFaults(options).map(faults.add),
	};
}
