import { Paperclip, Reply } from 'lucide-react';
import { Fragment } from 'react';
import { groupWords, kindWords } from '../../words/group.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';
import type { Message } from './group-data.ts';
import { Initial, PersonName } from './person-name.tsx';

/** One message. What members wrote is text and nothing else. */
export function MessageRow({ message }: { message: Message }) {
	const words = useWords(groupWords);
	const kinds = useWords(kindWords);
	const times = useTimes();
	const { sender, sentAt, text, kind, media, edited, deleted, replyTo } = message;
	const { reactions, votes = [], delivery } = message;
	return (
		<article className="message">
			<Initial person={sender} />
			<div className="message-text">
				<p className="message-head">
					<strong>
						<PersonName person={sender} />
					</strong>
					<time dateTime={sentAt} className="soft small">
						{times.full(sentAt)}
					</time>
					{edited && !deleted && <span className="soft small">{words.edited}</span>}
					{replyTo !== null && !deleted && (
						<span className="soft small message-mark">
							<Reply aria-hidden size={14} />
							{words.reply}
						</span>
					)}
				</p>
				{deleted ? (
					<p className="soft">
						<em>{words.deleted}</em>
					</p>
				) : (
					<>
						{(media !== null || (kind !== 'text' && text === null)) && (
							<p className="media">
								<Paperclip aria-hidden size={15} />
								<span>
									{kinds[kind]}
									{mediaFacts(media, times.number).map((fact) => (
										<Fragment key={fact}>
											{' · '}
											<bdi>{fact}</bdi>
										</Fragment>
									))}
								</span>
							</p>
						)}
						{text !== null && (
							<p className="message-words" dir="auto">
								{text}
							</p>
						)}
					</>
				)}
				{votes.length > 0 && (
					<ul className="small">
						{votes.map(({ option, count }) => (
							<li key={option}>
								<bdi>{option}</bdi> – {words.votes(count)}
							</li>
						))}
					</ul>
				)}
				{reactions.length > 0 && (
					<p className="reactions">
						{reactions.map(({ emoji, count }) => (
							<span key={emoji} className="pill">
								{emoji} {count > 1 && times.number(count)}
							</span>
						))}
					</p>
				)}
				{delivery !== undefined && (
					<p className="soft small">{words.readBy(delivery.delivered, delivery.read)}</p>
				)}
			</div>
		</article>
	);
}

function mediaFacts(media: Message['media'], number: (value: number) => string): string[] {
	if (media === null) return [];
	const { fileName, mimeType, sizeBytes, durationSeconds } = media;
	return [
		fileName ?? mimeType ?? '',
		sizeBytes === null ? '' : sizeOf(sizeBytes, number),
		durationSeconds === null ? '' : durationOf(durationSeconds),
	].filter((fact) => fact !== '');
}

function sizeOf(bytes: number, number: (value: number) => string): string {
	if (bytes < 1_000) return `${number(bytes)} B`;
	if (bytes < 1_000_000) return `${number(Math.round(bytes / 1_000))} kB`;
	return `${number(Math.round(bytes / 100_000) / 10)} MB`;
}

function durationOf(seconds: number): string {
	return `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;
}
