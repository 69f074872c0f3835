import { readFile } from 'node:fs/promises';

/** A clock tick of /proc/<pid>/stat: Linux reports in hundredths of a second. */
const tickMs = 10;

/** The processor time that a process has used since its start, in milliseconds. Linux only. */
export async function cpuMs(pid: number): Promise<number> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
	// The command's name may hold spaces and brackets; the fields begin behind its last bracket.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** The memory that a process holds (resident set), in kilobytes. Linux only. */
export async function residentKb(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}
