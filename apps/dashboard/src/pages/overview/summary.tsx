import { Link } from '@tanstack/react-router';
import { useWords } from '../../words/language.tsx';
import { overviewWords } from '../../words/overview.ts';
import { useTimes } from '../../words/times.ts';
import type { Device } from '../device/device-query.ts';
import { DeviceBadge } from '../device/device-status.tsx';
import { numberOf, type StarredGroup } from '../groups/group-queries.ts';
import { lastUse, type Token } from '../tokens/token-queries.ts';

/** How many starred groups the overview shows: those with changes come first. */
const shownGroups = 6;

/** How things stand: the device, the starred groups with what changed, the last call. */
export function Summary(props: {
	device: Device;
	groups: readonly StarredGroup[];
	tokens: readonly Token[];
}) {
	const { device, groups, tokens } = props;
	const words = useWords(overviewWords);
	const times = useTimes();
	const usedAt = lastUse(tokens);
	const shown = groups.toSorted((a, b) => changesOf(b) - changesOf(a)).slice(0, shownGroups);
	return (
		<>
			<div className="tiles">
				<section className="card tile">
					<h2 className="tile-title">{words.yourDevice}</h2>
					<DeviceBadge state={device.state} />
					<Link to="/device">{words.manage}</Link>
				</section>
				<section className="card tile">
					<h2 className="tile-title">{words.starredGroups}</h2>
					<p className="figure">{times.number(groups.length)}</p>
					<Link to="/groups">{words.seeAll}</Link>
				</section>
				<section className="card tile">
					<h2 className="tile-title">{words.lastCall}</h2>
					<p className="figure">{usedAt === null ? words.noCallYet : times.relative(usedAt)}</p>
					<Link to="/settings/mcp">{words.manage}</Link>
				</section>
			</div>
			{shown.length > 0 && (
				<section className="card card-flush" aria-label={words.starredGroups}>
					<ul className="rows">
						{shown.map((group) => (
							<li key={group.jid}>
								<Link to="/groups/$number" params={{ number: numberOf(group.jid) }} className="row row-link">
									<span className="avatar avatar-group" aria-hidden>
										{[...group.name][0]}
									</span>
									<span className="row-text">
										<bdi className="row-title clip">{group.name}</bdi>
										<span className="soft small">{words.members(group.participantCount)}</span>
									</span>
									<Changes group={group} />
								</Link>
							</li>
						))}
					</ul>
				</section>
			)}
		</>
	);
}

/** Who joined and left since the last visit, in two figures. */
export function Changes({ group }: { group: StarredGroup }) {
	const words = useWords(overviewWords);
	const { joinedSinceLastVisit: joined, leftSinceLastVisit: left } = group;
	if (joined === 0 && left === 0) return null;
	return (
		<span className="changes">
			{joined > 0 && <span className="pill pill-good">{words.joined(joined)}</span>}
			{left > 0 && <span className="pill pill-bad">{words.left(left)}</span>}
		</span>
	);
}

function changesOf({ joinedSinceLastVisit, leftSinceLastVisit }: StarredGroup): number {
	return joinedSinceLastVisit + leftSinceLastVisit;
}
