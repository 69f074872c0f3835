import { Toast } from '@base-ui/react/toast';
import { Outlet } from '@tanstack/react-router';
import { WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { connection } from '../api/connection.ts';
import { Toasts } from '../parts/toasts.tsx';
import { useWords } from '../words/language.tsx';
import { partWords } from '../words/parts.ts';

/** What stands around every page: short notices, and the banner of a lost connection. */
export function Root() {
	const isLost = useSyncExternalStore(connection.subscribe, connection.isLost);
	const words = useWords(partWords);
	return (
		<Toast.Provider>
			<div role="status" className="lost-connection-place">
				{isLost && (
					<p className="lost-connection">
						<WifiOff aria-hidden size={16} />
						{words.connectionLostBanner}
					</p>
				)}
			</div>
			<Outlet />
			<Toasts />
		</Toast.Provider>
	);
}
