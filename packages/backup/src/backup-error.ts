/** A sentence for the operator; nothing was changed unless it says so. */
export class BackupError extends Error {
	override readonly name = 'BackupError';
}
