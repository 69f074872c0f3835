import { defineConfig, type Setting } from '@chat-manager/service';
import { rotationConfig } from '../../apps/connector/src/config.ts';
import { setUpConfig } from '../../packages/backend/src/set-up-config.ts';
import { config as backup } from '../../packages/backup/src/config.ts';
import { config as allAtOnce } from '../../packages/dev-env/src/config.ts';
import { apps } from './deployment/apps.ts';

const common = defineConfig({}).settings;

/** The reference of every setting, made from the schemas that parse it. */
export function settingsPage(): string {
	const sections = Object.entries(apps).map(([app, { config, title }]) =>
		table(`\`${app}\`: ${title}`, config.settings.filter(({ name }) => !isCommon(name)).map(row)),
	);
	return `<!-- Made from the schemas of the settings by npm run generate. -->

# Settings

Every program reads its settings from environment variables, once, when it starts; what is missing or wrong is told all together,
by name and never by value. An empty variable counts as unset. **R**: required. **S**: secret, never shown in a log. **D**: for
development and tests.

${table('Every program', common.map(row))}
${sections.join('\n')}
${table('`npm run set-up-database`: roles and schemas in Postgres', rest(setUpConfig.settings))}
${table('`npm run rotate-keys -- connector`: new master keys (`storage` and `webhooks` have no new data keys)', rest(rotationConfig.settings))}
${table('`npm run backup` and `npm run restore`', rest(backup.settings))}
${table('`npm start`: everything on one machine', rest(allAtOnce.settings))}`;
}

const rest = (settings: readonly Setting[]) => settings.filter(({ name }) => !isCommon(name)).map(row);

function isCommon(name: string): boolean {
	return common.some((setting) => setting.name === name);
}

function table(title: string, rows: readonly string[]): string {
	return `## ${title}

| setting | | takes | default | what it is for |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function row({
	name,
	required,
	secret,
	development,
	takes,
	description,
	make,
	example,
	...rest
}: Setting): string {
	if (description === '')
		throw new Error(`The setting ${name} has no description: say .describe('…') in its schema.`);
	const marks = [required && 'R', secret && 'S', development && 'D'].filter(Boolean).join(' ');
	const fallback = rest.default === undefined ? '' : `\`${[rest.default].flat().join(',')}\``;
	const shown = example === undefined ? '' : ` Like \`${example}\`.`;
	const made = make === undefined ? '' : ` Made by \`${make}\`.`;
	return `| \`${name}\` | ${marks} | ${takes} | ${fallback === '``' ? '' : fallback} | ${(description + shown + made).replaceAll('|', '\\|')} |`;
}
