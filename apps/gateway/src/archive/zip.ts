import { PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A file of an archive; its content is read when its turn has come. */
export type ArchiveFile = { readonly name: string; readonly content: AsyncIterable<string> };

/**
 * A zip file that is made while it is read: never more than a piece of it is in memory. Its files are stored as they are, not
 * compressed, so that who downloads it can count the lines that have come. A file that fails ends it with an error.
 */
export function zipOf(files: readonly ArchiveFile[], at: Date): Readable {
	const zip = new ZipFile();
	const output = new PassThrough();
	const fail = (error: Error) => output.destroy(error);
	// Unheard, it would end the process.
	zip.on('error', fail);
	for (const { name, content } of files)
		zip.addReadStreamLazy(name, { compress: false, mtime: at }, (give) => {
			give(null, Readable.from(content, { objectMode: false }).on('error', fail));
		});
	zip.end();
	zip.outputStream.pipe(output);
	return output;
}
