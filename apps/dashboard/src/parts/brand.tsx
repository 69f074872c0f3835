import { Link } from '@tanstack/react-router';

export function Brand() {
	return (
		<Link to="/" className="brand">
			<img src="/app/icon.svg" alt="" width={28} height={28} />
			<span>Chat Manager</span>
		</Link>
	);
}
