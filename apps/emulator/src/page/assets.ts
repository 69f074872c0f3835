import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../../page/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
	html: 'text/html; charset=utf-8',
	css: 'text/css; charset=utf-8',
	ts: 'text/javascript; charset=utf-8',
	svg: 'image/svg+xml',
};
/** The libraries that the page may load, each a folder of modules. */
const LIBRARIES = ['lit-html', 'qr'] as const;

export type Asset = { readonly type: string; readonly content: string };

/**
 * The files of the phone page. There is no build: browsers get the TypeScript with its types blanked out, as Node itself runs it,
 * and bare names of libraries lead to their folders here. A file is read once.
 */
export function createAssets(): (name: string) => Promise<Asset | undefined> {
	const read = new Map<string, Promise<Asset | undefined>>();
	return (name) => {
		const asset = read.get(name) ?? load(name);
		read.set(name, asset);
		return asset;
	};
}

/** Folders to serve below `/phone/lib/`. */
export function libraryFolders(): { readonly name: string; readonly folder: string }[] {
	return LIBRARIES.map((name) => {
		const resolved = import.meta.resolve(name);
		const end = resolved.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}/`.length;
		return { name, folder: fileURLToPath(resolved.slice(0, end)) };
	});
}

async function load(name: string): Promise<Asset | undefined> {
	const [, extension = ''] = /^[a-z][a-z-]*\.([a-z]+)$/.exec(name) ?? [];
	const type = TYPES[extension];
	if (type === undefined) return undefined;
	const content = await readFile(new URL(name, FOLDER), 'utf8').catch((error: unknown) => {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
		throw error;
	});
	if (content === undefined) return undefined;
	return { type, content: extension === 'ts' ? forBrowsers(content) : content };
}

function forBrowsers(source: string): string {
	const bare = new RegExp(`(from |import\\()'(${LIBRARIES.join('|')})(/[a-z/-]+\\.js)?'`, 'g');
	return withoutTypes(source).replaceAll(
		bare,
		(_, keyword: string, name: string, file: string | undefined) =>
			`${keyword}'/phone/lib/${name}${file ?? `/${name}.js`}'`,
	);
}

/** Node says once that this is experimental, in the middle of whatever the emulator prints. It is what runs this very file. */
function withoutTypes(source: string): string {
	const { emitWarning } = process;
	process.emitWarning = () => undefined;
	try {
		return stripTypeScriptTypes(source);
	} finally {
		process.emitWarning = emitWarning;
	}
}
