import type { Letter } from './letters.ts';

export function renderText({ greeting, paragraphs, button, closing }: Letter): string {
	const link = button === undefined ? [] : [`${button.label}:\n${button.url}`];
	return `${[greeting, ...paragraphs, ...link, closing].join('\n\n')}\n`;
}

/** Simple enough for every mail program: no image, nothing that is loaded from anywhere. */
export function renderHtml({ language, subject, greeting, paragraphs, button, closing }: Letter): string {
	const link =
		button === undefined
			? ''
			: `<p style="margin:24px 0"><a href="${escaped(button.url)}" style="${linkStyle}">${escaped(button.label)}</a></p>`;
	const body = [greeting, ...paragraphs].map(paragraph).join('\n');
	return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${escaped(subject)}</title></head>
<body style="${bodyStyle}">
${body}
${link}
<p style="color:#5c6b66">${escaped(closing)}</p>
</body>
</html>
`;
}

const bodyStyle =
	'max-width:560px;margin:24px auto;padding:0 16px;font:16px/1.5 system-ui,-apple-system,sans-serif;color:#0b1512';
const linkStyle =
	'display:inline-block;padding:12px 20px;border-radius:8px;background:#0b6b4f;color:#ffffff;text-decoration:none';

function paragraph(text: string): string {
	return `<p>${escaped(text)}</p>`;
}

/** Names that people chose stand in letters. */
function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
