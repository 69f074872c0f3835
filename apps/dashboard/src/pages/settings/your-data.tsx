import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { downloadData } from '../../api/export.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { dataWords } from '../../words/data.ts';
import { useWords } from '../../words/language.tsx';
import { useTimes } from '../../words/times.ts';

/** The download of everything that is kept. */
export function YourData() {
	const words = useWords(dataWords);
	const times = useTimes();
	const notice = useNotice();
	const [share, setShare] = useState(0);
	const running = useRef<AbortController>(undefined);
	useEffect(() => () => running.current?.abort(), []);
	const exporting = useMutation({
		async mutationFn() {
			const controller = new AbortController();
			running.current = controller;
			setShare(0);
			await downloadData(setShare, controller.signal).catch((error: unknown) => {
				if (!controller.signal.aborted) throw error;
			});
			return !controller.signal.aborted;
		},
		onSuccess: (isWhole) => isWhole && notice.done(words.exported),
	});
	const percent = `${times.number(Math.floor(share * 100))} %`;
	return (
		<section className="card settings-card">
			<h2>{words.title}</h2>
			<p className="soft">{words.exportHint}</p>
			<ErrorNote error={exporting.error} />
			{exporting.isPending ? (
				<div className="stack">
					<progress className="bar" aria-label={words.export} max={1} value={share} />
					<div className="actions">
						<span className="soft">{words.exporting(percent)}</span>
						<Button onClick={() => running.current?.abort()}>{words.stop}</Button>
					</div>
				</div>
			) : (
				<div className="actions">
					<Button onClick={() => exporting.mutate()}>
						<Download aria-hidden size={16} />
						{words.export}
					</Button>
				</div>
			)}
		</section>
	);
}
