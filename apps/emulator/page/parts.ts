import { html, type TemplateResult } from 'lit-html';

/** A circle with the first letter of a name, in a colour of its own. */
export function avatar(name: string, isGroup = false): TemplateResult {
	const [letter = '?'] = graphemes(name);
	return html`<span class="avatar hue-${hue(name)} ${isGroup ? 'of-group' : ''}" aria-hidden="true">${letter.toUpperCase()}</span>`;
}

/** One of eight, always the same for a name. */
export function hue(name: string): number {
	let sum = 0;
	for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997;
	return sum % 8;
}

const segmenter = new Intl.Segmenter();
function graphemes(text: string): string[] {
	return [...segmenter.segment(text.trim())].map(({ segment }) => segment);
}

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

export function timeOf(ms: number): string {
	return time.format(ms);
}

export function dayOf(ms: number): string {
	return day.format(ms) === day.format(Date.now()) ? 'Today' : day.format(ms);
}

/** The time of today, the day of anything older. */
export function whenOf(ms: number): string {
	return day.format(ms) === day.format(Date.now()) ? timeOf(ms) : shortDay.format(ms);
}

/** Reads a form, and keeps the browser from sending it anywhere. */
export function fieldsOf(event: SubmitEvent): FormData {
	event.preventDefault();
	return new FormData(event.target as HTMLFormElement);
}

export function textOf(fields: FormData, name: string): string {
	const value = fields.get(name);
	return typeof value === 'string' ? value.trim() : '';
}

/** Digits, as the network names people: forgives the rest. */
export function digitsOf(text: string): string {
	return text.replaceAll(/[^0-9]/g, '');
}
