const known = new WeakMap<object, string>();

/** A result as JSON, made once: first to see whether it is too long, then to be sent. Nobody may change it in between. */
export function jsonOf(result: object): string {
	const json = known.get(result) ?? JSON.stringify(result);
	known.set(result, json);
	return json;
}
