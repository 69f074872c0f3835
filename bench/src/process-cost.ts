import { readdir, readFile } from 'node:fs/promises';

/** A clock tick of /proc/<pid>/stat: Linux reports in hundredths of a second. */
const tickMs = 10;

/** The processor time that a process has used since its start, in milliseconds. Linux only. */
export async function cpuMs(pid: number): Promise<number> {
	const { user, kernel } = await readStat(pid);
	return user + kernel;
}

/**
 * The processor time of all processes below this one, by program, those that ended meanwhile included. `names` tells a program
 * from a part of its command line; what has none of them is left out.
 */
export async function cpuMsBelow(root: number, names: readonly string[]): Promise<Map<string, number>> {
	const running = await Promise.all(
		(await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((name) => readProcess(Number(name))),
	);
	const known = new Map(running.filter((one) => one !== undefined).map((one) => [one.pid, one]));
	const isBelow = (pid: number): boolean => {
		const parent = known.get(pid)?.parent;
		return parent !== undefined && (parent === root || isBelow(parent));
	};
	const sums = new Map(names.map((name) => [name, 0]));
	for (const { pid, command, ms } of known.values()) {
		const name = names.find((part) => command.includes(part));
		if (name !== undefined && isBelow(pid)) sums.set(name, (sums.get(name) ?? 0) + ms);
	}
	return sums;
}

async function readProcess(pid: number) {
	try {
		const { parent, user, kernel, ofEnded } = await readStat(pid);
		const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
		return { pid, parent, command, ms: user + kernel + ofEnded };
	} catch {
		return undefined; // It ended while it was looked at.
	}
}

async function readStat(pid: number) {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
	// The command's name may hold spaces and brackets; the fields begin behind its last bracket.
	const fields = stat
		.slice(stat.lastIndexOf(')') + 2)
		.split(' ')
		.map(Number);
	const [parent = 0] = fields.slice(1);
	const [user = 0, kernel = 0, userOfEnded = 0, kernelOfEnded = 0] = fields
		.slice(11, 15)
		.map((ticks) => ticks * tickMs);
	return { parent, user, kernel, ofEnded: userOfEnded + kernelOfEnded };
}

/** The memory that a process holds (resident set), in kilobytes. Linux only. */
export async function residentKb(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}
