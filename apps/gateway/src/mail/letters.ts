import type { Language } from '@chat-manager/contracts';
import { en, es, type LetterWords, type NoticeKind, pt } from './letter-words.ts';

/** What a mail says, before it is text or HTML. */
export type Letter = {
	readonly language: Language;
	readonly subject: string;
	readonly greeting: string;
	readonly paragraphs: readonly string[];
	readonly button?: { readonly label: string; readonly url: string };
	readonly closing: string;
};

export type Recipient = { readonly name: string; readonly language: Language };

const words: Readonly<Record<Language, LetterWords>> = { en, es, pt };

/** How long the link to a new password can be used. */
export const resetMinutes = 30;

/** A link to choose a new password. */
export function resetLetter(to: Recipient, url: string): Letter {
	const { reset } = words[to.language];
	return letter(to, { ...reset, paragraphs: reset.paragraphs(resetMinutes), url });
}

/** How long the link that confirms an address can be used. */
export const confirmationHours = 24;

/** A link to confirm that an address is theirs. */
export function confirmationLetter(to: Recipient, url: string): Letter {
	const { confirmation } = words[to.language];
	return letter(to, { ...confirmation, paragraphs: confirmation.paragraphs(confirmationHours), url });
}

export function emailChangedLetter(to: Recipient, newEmail: string): Letter {
	const { emailChanged } = words[to.language];
	return letter(to, { ...emailChanged, paragraphs: emailChanged.paragraphs(newEmail) });
}

/** A link to make an account with. */
export function invitationLetter(to: Recipient, url: string, expiresAt: Date): Letter {
	const { invitation } = words[to.language];
	const until = expiresAt.toISOString().slice(0, 10);
	return letter(to, { ...invitation, paragraphs: invitation.paragraphs(until), url });
}

export function noticeLetter(to: Recipient, kind: NoticeKind, accountUrl: string): Letter {
	const { notices, notYou } = words[to.language];
	const { subject, text } = notices[kind];
	return letter(to, {
		subject,
		paragraphs: [text, notYou.text],
		label: notYou.label,
		url: accountUrl,
	});
}

export function webhookDisabledLetter(
	to: Recipient,
	webhook: { name: string; reason: 'gone' | 'failing'; url: string },
): Letter {
	const { webhookDisabled } = words[to.language];
	return letter(to, {
		subject: webhookDisabled.subject(oneLine(webhook.name)),
		paragraphs: [webhookDisabled[webhook.reason](oneLine(webhook.name)), webhookDisabled.whatNext],
		label: webhookDisabled.label,
		url: webhook.url,
	});
}

export function accountDeletedLetter(to: Recipient): Letter {
	const { accountDeleted } = words[to.language];
	return letter(to, accountDeleted);
}

function letter(
	{ name, language }: Recipient,
	content: { subject: string; paragraphs: readonly string[]; label?: string; url?: string },
): Letter {
	const { subject, paragraphs, label, url } = content;
	return {
		language,
		subject,
		greeting: words[language].greeting(oneLine(name)),
		paragraphs,
		...(label === undefined || url === undefined ? {} : { button: { label, url } }),
		closing: words[language].closing,
	};
}

/** Names stand in subjects: a line break would begin another header. */
function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}
