import { useMemo } from 'react';
import { useLanguage } from './language.tsx';

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
	['year', 31_536_000_000],
	['month', 2_592_000_000],
	['day', 86_400_000],
	['hour', 3_600_000],
	['minute', 60_000],
];

export type Times = {
	/** 09:05 */
	clock(instant: string): string;
	/** 27 Nov 2026 */
	day(instant: string): string;
	/** The same of a date without a time, which is the same day everywhere. */
	calendarDay(date: string): string;
	/** 27 Nov */
	shortDay(date: string): string;
	/** 27 Nov 2026, 09:05 */
	full(instant: string): string;
	/** 5 minutes ago; in 3 days */
	relative(instant: string): string;
	number(value: number): string;
};

/** Times and numbers as people write them in the person's language, in the browser's time zone. */
export function useTimes(): Times {
	const { language } = useLanguage();
	return useMemo(() => createTimes(regionOf(language)), [language]);
}

/** The browser's own region of the language, for days and hours are written differently in each. */
function regionOf(language: string): string {
	return navigator.languages.find((tag) => tag.startsWith(`${language}-`)) ?? language;
}

function createTimes(language: string): Times {
	const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
	const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
	const calendarDay = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
	const shortDay = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
	const full = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
	const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
	const number = new Intl.NumberFormat(language);
	return {
		clock: (instant) => clock.format(new Date(instant)),
		day: (instant) => day.format(new Date(instant)),
		calendarDay: (date) => calendarDay.format(new Date(date)),
		shortDay: (date) => shortDay.format(new Date(date)),
		full: (instant) => full.format(new Date(instant)),
		relative(instant) {
			const distanceMs = new Date(instant).getTime() - Date.now();
			const [unit, sizeMs] = units.find(([, size]) => Math.abs(distanceMs) >= size) ?? ['second', 1_000];
			return relative.format(Math.trunc(distanceMs / sizeMs), unit);
		},
		number: (value) => number.format(value),
	};
}
