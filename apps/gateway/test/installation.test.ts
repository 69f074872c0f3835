import { afterAll, beforeAll, expect, it } from 'vitest';
import { bearer, createToken, post, signUp } from './support/person.ts';
import { startWorld, untilReady, type World } from './support/world.ts';

const phone = 'http://127.0.0.1:3001/phone#key=made-from-a-token';
let world: World;

beforeAll(async () => {
	world = await startWorld();
	world.secrets.add('made-from-a-token');
});
afterAll(async () => await world[Symbol.asyncDispose]());

it('tells people where MCP clients connect and where the simulated phones are', async () => {
	const gateway = await world.startGateway({
		CM_PUBLIC_URL: 'http://localhost:3000',
		CM_SIMULATED_PHONE_URL: phone,
	});
	await untilReady(gateway);
	const person = await signUp(world, gateway);
	const url = `${gateway.url}/api/installation/get`;
	expect((await post(url, {}, { cookie: person.cookie })).body).toEqual({
		mcpUrl: 'http://localhost:3000/mcp',
		simulatedPhoneUrl: phone,
	});
	const { token } = await createToken(world, gateway, person);
	expect((await post(url, {}, bearer(token))).status).toBe(403);
	expect((await post(url, {})).status).toBe(401);
});

it('offers no simulated phone where none run', async () => {
	const gateway = await world.startGateway();
	await untilReady(gateway);
	const person = await signUp(world, gateway);
	const { body } = await post(`${gateway.url}/api/installation/get`, {}, { cookie: person.cookie });
	expect(body).toMatchObject({ simulatedPhoneUrl: null });
});
