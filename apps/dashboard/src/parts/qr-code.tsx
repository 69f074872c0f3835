import encodeQR from 'qr';
import { useMemo } from 'react';

/** A text as a QR code: always dark on light, for phones do not read it otherwise. */
export function QrCode({ text, label, border = 2 }: { text: string; label: string; border?: number }) {
	const { path, size } = useMemo(() => draw(text, border), [text, border]);
	return (
		<svg
			className="qr"
			viewBox={`0 0 ${size} ${size}`}
			role="img"
			aria-label={label}
			shapeRendering="crispEdges"
		>
			<rect width={size} height={size} fill="#fff" />
			<path d={path} fill="#0b1512" />
		</svg>
	);
}

function draw(text: string, border: number): { path: string; size: number } {
	const rows = encodeQR(text, 'raw', { border, ecc: 'medium' });
	const path = rows
		.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
		.join('');
	return { path, size: rows.length };
}
