import type { Contract, Handlers } from '../src/index.ts';

/** A missing or wrongly typed handler does not compile: each line below is an error that must stay one. */
type Served = Handlers<Contract['webhooks'], null>;
const right: Served['webhooks']['delete'] = async (_context, { id }) => ({ id, deleted: true });

// @ts-expect-error a handler is missing
export const missing: Served = { webhooks: { list: async () => ({ webhooks: [] }), delete: right } };
// @ts-expect-error the output has the wrong type
export const wrongOutput: Served['webhooks']['delete'] = async (_context, { id }) => ({ id, deleted: false });
// @ts-expect-error the input has no such field
export const wrongInput: Served['webhooks']['delete'] = async (_context, { jid }) => ({
	id: jid,
	deleted: true,
});
