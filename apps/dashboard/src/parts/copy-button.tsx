import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useWords } from '../words/language.tsx';
import { partWords } from '../words/parts.ts';
import { Button } from './button.tsx';
import { useNotice } from './toasts.tsx';

/** How long it says that it has copied. */
const saidMs = 2_000;

export function CopyButton({ text, label }: { text: string; label?: string }) {
	const words = useWords(partWords);
	const notice = useNotice();
	const [isCopied, setCopied] = useState(false);
	useEffect(() => {
		if (!isCopied) return;
		const timer = setTimeout(() => setCopied(false), saidMs);
		return () => clearTimeout(timer);
	}, [isCopied]);
	const copy = () =>
		navigator.clipboard.writeText(text).then(
			() => setCopied(true),
			() => notice.warn(words.copyFailed),
		);
	return (
		<Button onClick={() => void copy()} className="copy">
			{isCopied ? <Check aria-hidden size={16} /> : <Copy aria-hidden size={16} />}
			<span aria-live="polite">{isCopied ? words.copied : (label ?? words.copy)}</span>
		</Button>
	);
}
