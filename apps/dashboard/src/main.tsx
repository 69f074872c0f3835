import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/account.css';
import './styles/base.css';
import './styles/chart.css';
import './styles/controls.css';
import './styles/group.css';
import './styles/layout.css';
import './styles/linking.css';
import './styles/overview.css';
import './styles/pages.css';
import './styles/popups.css';
import './styles/rows.css';
import { z } from 'zod';
import { applyTheme, currentTheme } from './frame/theme.ts';

applyTheme(currentTheme());
// Before the contract is loaded: zod would otherwise try `new Function`, which the page's Content-Security-Policy reports.
z.config({ jitless: true });
const [{ StrictMode }, { createRoot }, { App }] = await Promise.all([
	import('react'),
	import('react-dom/client'),
	import('./frame/app.tsx'),
]);
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
	<StrictMode>
		<App />
	</StrictMode>,
);
