import { recall, remember } from './remember.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export function currentTheme(): Theme {
	return themes.find((theme) => theme === recall('theme')) ?? 'system';
}

/** Puts a theme on the page; `system` follows what the device is set to. */
export function applyTheme(theme: Theme): void {
	const { dataset } = document.documentElement;
	if (theme === 'system') delete dataset.theme;
	else dataset.theme = theme;
}

export function chooseTheme(theme: Theme): void {
	remember('theme', theme);
	applyTheme(theme);
}
