/** `npm run rotate-keys -- SERVICE`, with the settings of that service. */
const services = ['connector', 'storage', 'webhooks'];
const [service = ''] = process.argv.slice(2);

if (!services.includes(service)) {
	console.error(
		`Say whose keys: npm run rotate-keys -- ${services.join('|')}, with the settings of that service.`,
	);
	process.exit(1);
}
await import(`../apps/${service}/src/rotate-keys.ts`);
