/** The set with an item in it, or without it. */
export function withOrWithout<Item>(set: ReadonlySet<Item>, item: Item, isIn: boolean): ReadonlySet<Item> {
	const others = [...set].filter((other) => other !== item);
	return new Set(isIn ? [...others, item] : others);
}
