import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import { apiOpenApi, routes } from '../src/index.ts';

it('describes every route of /api, as OpenAPI', async () => {
	expect(await new Validator().validate({ ...apiOpenApi, paths: 1 })).toMatchObject({ valid: false });
	expect(await new Validator().validate(structuredClone(apiOpenApi))).toEqual({ valid: true });
	expect(Object.keys(apiOpenApi.paths as object)).toEqual(routes.map(({ path }) => path));
});
