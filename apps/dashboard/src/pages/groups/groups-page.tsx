import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SearchX, Smartphone, UsersRound } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { VirtualRows } from '../../parts/virtual-rows.tsx';
import { groupsWords } from '../../words/groups.ts';
import { useWords } from '../../words/language.tsx';
import { deviceQuery, isLinked } from '../device/device-query.ts';
import { allGroupsQuery, type KnownGroup, type StarredGroup, starredGroupsQuery } from './group-queries.ts';
import { GroupRow, type ListedGroup } from './group-row.tsx';

const jidOf = ({ jid }: ListedGroup) => jid;

/** All groups of the linked WhatsApp, the starred ones first. */
export function GroupsPage() {
	const words = useWords(groupsWords);
	const [search, setSearch] = useState('');
	const wanted = useDeferredValue(search);
	const device = useQuery(deviceQuery);
	const linked = device.data !== undefined && isLinked(device.data);
	const all = useQuery({ ...allGroupsQuery, enabled: linked });
	const starred = useQuery(starredGroupsQuery);
	const groups = merge(starred.data ?? [], all.data ?? []);
	const found = groups.filter(({ name }) => matches(name, wanted));
	const isWaiting = starred.isPending || device.isPending || (linked && all.isPending && all.error === null);
	return (
		<>
			<PageHead title={words.title} intro={words.intro} />
			<ErrorNote error={all.error ?? starred.error}>
				{starred.data !== undefined && starred.data.length > 0 && <p>{words.offlineNote}</p>}
			</ErrorNote>
			{groups.length > 5 && <SearchField label={words.search} value={search} onChange={setSearch} />}
			{isWaiting ? (
				<Loading lines={6} />
			) : groups.length === 0 && !linked ? (
				<EmptyState icon={Smartphone} title={words.notLinked} hint={words.notLinkedHint}>
					<Link to="/device" className="button button-primary">
						{words.linkDevice}
					</Link>
				</EmptyState>
			) : groups.length === 0 && all.error === null ? (
				<EmptyState icon={UsersRound} title={words.empty} hint={words.emptyHint} />
			) : found.length === 0 && wanted !== '' ? (
				<EmptyState icon={SearchX} title={words.noneFound} hint={words.noneFoundHint} />
			) : (
				<>
					<Section title={words.starred} groups={found.filter(({ isStarred }) => isStarred)} />
					<Section title={words.others} groups={found.filter(({ isStarred }) => !isStarred)} />
				</>
			)}
		</>
	);
}

function Section({ title, groups }: { title: string; groups: readonly ListedGroup[] }) {
	const words = useWords(groupsWords);
	if (groups.length === 0) return null;
	return (
		<section>
			<div className="section-head">
				<h2>{title}</h2>
				<p className="soft small">{words.found(groups.length)}</p>
			</div>
			<div className="card card-flush">
				<VirtualRows
					label={title}
					items={groups}
					keyOf={jidOf}
					estimateHeightPx={64}
					render={(group) => <GroupRow group={group} />}
				/>
			</div>
		</section>
	);
}

/** The record knows what is starred, WhatsApp knows what there is; by name, as the person's language sorts. */
function merge(starred: readonly StarredGroup[], all: readonly KnownGroup[]): ListedGroup[] {
	const byJid = new Map<string, ListedGroup>();
	for (const { jid, name, participantCount } of all)
		byJid.set(jid, { jid, name, participantCount, isStarred: false, record: undefined });
	for (const record of starred) {
		const { jid, name, participantCount } = { ...record, ...byJid.get(record.jid) };
		byJid.set(jid, { jid, name, participantCount, isStarred: true, record });
	}
	return [...byJid.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Every word of the search stands in the name; case and accents do not matter. */
function matches(name: string, search: string): boolean {
	const text = fold(name);
	return fold(search)
		.split(/\s+/)
		.every((word) => text.includes(word));
}

function fold(text: string): string {
	return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
