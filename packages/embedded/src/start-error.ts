/** Why something does not start, in one sentence for the person at the terminal; what a program said is the `cause`. */
export class StartError extends Error {
	override readonly name = 'StartError';
}

/** The sentence for a folder that cannot be made, read or written; undefined when the error is of another kind. */
export function folderFault(error: unknown, folder: string): StartError | undefined {
	const { code } = error as { code?: unknown };
	const reason = typeof code === 'string' ? reasons[code] : undefined;
	return reason === undefined
		? undefined
		: new StartError(`The folder ${folder} ${reason}.`, { cause: error });
}

const reasons: Readonly<Record<string, string>> = {
	EACCES: 'cannot be read and written: its permissions, or those of a folder above it, do not let us',
	EPERM: 'cannot be read and written: its permissions, or those of a folder above it, do not let us',
	EROFS: 'cannot be written: it is on a read-only disk',
	ENOTDIR: 'cannot be made: something on the way to it is a file, not a folder',
	EEXIST: 'cannot be made: there is a file of that name',
	ENOENT: 'is not there',
	ENOSPC: 'cannot be written: the disk is full',
	EDQUOT: 'cannot be written: the disk quota is used up',
	ENAMETOOLONG: 'cannot be made: its path is too long',
};
