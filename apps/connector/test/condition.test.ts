import type { DeviceState } from '@chat-manager/contracts';
import { expect, test } from 'vitest';
import { fleetReadiness } from '../src/fleet/condition.ts';

const fleet = (sessions: [DeviceState, number][], isFenced = false) => ({
	isFenced,
	sessions: sessions.map(([state, silentMs]) => ({ state, silentMs })),
	room: 1,
	waiting: 0,
});

test.for<[string, Parameters<typeof fleet>, object]>([
	['nobody is held', [[]], { fleet: 'ok', whatsapp: 'ok' }],
	[
		'one of two is heard',
		[
			[
				['connected', 90_000],
				['connected', 10],
			],
		],
		{ fleet: 'ok', whatsapp: 'ok' },
	],
	[
		'nobody is heard',
		[
			[
				['connected', 90_000],
				['connecting', 61_000],
			],
		],
		{ fleet: 'ok', whatsapp: 'silent' },
	],
	['who links speaks when a person does', [[['linking', 90_000]]], { fleet: 'ok', whatsapp: 'ok' }],
	['it is fenced', [[['connected', 10]], true], { fleet: 'fenced', whatsapp: 'ok' }],
])('%s', ([, args, expected]) => {
	expect(fleetReadiness(fleet(...args), 60_000)).toEqual(expected);
});
