import pg from 'pg';

/**
 * pg lets the URL win over its options: an `options` parameter in the URL would silently replace our search_path. So it is
 * taken out of the URL and put in front, where ours win.
 */
export function connectionOptions({ url, searchPath }: { url: string; searchPath: string }): {
	connectionString: string;
	options: string;
} {
	const parsed = URL.parse(url);
	if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol))
		throw new Error('The database URL must look like postgres://user:password@host:5432/database.');
	const given = parsed.searchParams.get('options');
	parsed.searchParams.delete('options');
	const ours = `-c search_path=${escapeOption(pg.escapeIdentifier(searchPath))}`;
	return { connectionString: parsed.href, options: given === null ? ours : `${given} ${ours}` };
}

/** In startup options spaces separate and a backslash escapes. */
function escapeOption(value: string): string {
	return value.replace(/[\\\s]/g, '\\$&');
}
