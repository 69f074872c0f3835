import { z } from 'zod';

/** What may stand in a subject between two dots. */
export const SubjectToken = z
	.string()
	.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -');

export const UserId = SubjectToken.meta({ description: 'A person with an account' });

/** A WhatsApp group, like 123456789-987654@g.us or 120363025246125486@g.us. */
export const GroupJid = z
	.string()
	.regex(/^\d{5,32}(-\d{5,20})?@g\.us$/, 'must be a group JID such as 120363025246125486@g.us')
	.meta({ description: 'The JID of a group, as list_starred_groups gives it, like 120363025246125486@g.us' });

/** A person: by hidden id (lid) or by phone number. */
export const MemberJid = z
	.string()
	.regex(
		/^\d{5,20}@(s\.whatsapp\.net|lid)$/,
		'must be a JID such as 15551234567@s.whatsapp.net or 1234567@lid',
	);

/** A phone number in international format; spaces, dots, dashes and brackets are allowed and dropped. */
export const Phone = z
	.string()
	.transform((text) => text.replace(/[\s().-]/g, ''))
	.pipe(
		z
			.string()
			.regex(/^\+?[1-9]\d{6,14}$/, 'must be a phone number in international format, like +15551234567'),
	);

/** A WhatsApp message id. It is chosen by the sender's client: unique only together with chat and author. */
export const MessageId = z
	.string()
	.regex(/^[\x21-\x7e]{1,128}$/, 'must be a message id from get_group_messages');

export const Instant = z.iso.datetime().meta({ description: 'A point in time, ISO 8601 in UTC' });

export const IdempotencyKey = z
	.string()
	.regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable characters without spaces')
	.meta({
		description:
			'Any text of your choice. Repeating a call with the same key within 24 hours returns the first result instead of doing it twice.',
	});

/** An opaque place in a list, from a previous page. */
export const Cursor = z.string().min(1).max(512).meta({ description: 'nextCursor of the previous page' });
