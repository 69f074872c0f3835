/** What can keep WhatsApp from doing something to a group. */
export const groupActErrors = [
	'device_offline',
	'group_not_starred',
	'group_not_found',
	'not_group_admin',
	'not_group_member',
	'whatsapp_rate_limited',
	'whatsapp_refused',
	'outcome_unknown',
] as const;
