/**
 * `npm run bench`: every figure beside its limit, as a table; with `-- --json` as one line of JSON a figure; with names only
 * those. Loads are bounded and stay on this machine.
 */

import { emulatorLoad } from './emulator-load.ts';
import type { Bench, Figure } from './figure.ts';
import { fleet } from './fleet.ts';
import { gatewaySpeed } from './gateway-speed.ts';
import { growth } from './growth.ts';
import { inboundCpu } from './inbound-cpu.ts';
import { ingest } from './ingest.ts';
import { linkStall } from './link-stall.ts';
import { manyUsers } from './many-users.ts';
import { pageAtSize } from './page-at-size.ts';
import { webhookLatency } from './webhook-latency.ts';
import { webhookRate } from './webhook-rate.ts';

const benches: Bench[] = [
	gatewaySpeed,
	ingest,
	inboundCpu,
	manyUsers,
	growth,
	pageAtSize,
	fleet,
	linkStall,
	emulatorLoad,
	webhookRate,
	webhookLatency,
];
const args = process.argv.slice(2);
const asJson = args.includes('--json');
const wanted = args.filter((arg) => !arg.startsWith('--'));
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
	process.stderr.write(
		`There is no benchmark ${unknown.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}.\n`,
	);
	process.exit(1);
}

for (const bench of benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
	if (!asJson) process.stdout.write(`\n${bench.name}: ${bench.summary}\n`);
	const figures = await bench.run((line) => void (asJson || process.stdout.write(`  ${line}\n`)));
	for (const figure of figures)
		process.stdout.write(asJson ? `${JSON.stringify(figure)}\n` : `  ${row(figure)}\n`);
}
process.exit(0);

function row({ name, value, limit, unit, ratio, target, met }: Figure): string {
	const mark = met === null ? '       ' : met ? 'met    ' : 'NOT MET';
	const number = `${mark} ${name}: ${value.toPrecision(3)}`;
	if (limit === null || ratio === null) return `${number} ${unit}`;
	const wanted = target === null ? '' : ` (target ${target.compare} ${target.ratio.toFixed(3)})`;
	return `${number} against ${limit.toPrecision(3)} ${unit} = ${ratio.toFixed(3)}${wanted}`;
}
