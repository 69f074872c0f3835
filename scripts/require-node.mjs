// Preloaded by every entry point (`node --import`): the sources are TypeScript that Node itself runs, and a Baileys
// socket costs ten times as much on a Node before 24 (docs/decisions/0002-node-24-runs-the-sources.md).
const wanted = 24;
const got = process.versions.node;
if (Number(got.split('.')[0]) < wanted) {
	process.stderr.write(
		`This needs Node ${wanted}, got ${got}: run npm ci with scripts allowed, then use the npm scripts.\n`,
	);
	process.exit(1);
}
