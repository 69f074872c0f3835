import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { LanguageProvider } from '../words/language.tsx';
import { createQueryClient } from './query-client.ts';
import { createAppRouter } from './router.tsx';

const queryClient = createQueryClient(() => {
	const { pathname, searchStr } = router.state.location;
	if (pathname === '/sign-in') return;
	void router.navigate({ to: '/sign-in', search: { next: `${pathname}${searchStr}`, expired: true } });
});
const router = createAppRouter(queryClient);

declare module '@tanstack/react-router' {
	interface Register {
		router: typeof router;
	}
}

/** Everything around the pages. No component may make a style element: the page's policy forbids it. */
export function App() {
	return (
		<CSPProvider disableStyleElements>
			<QueryClientProvider client={queryClient}>
				<LanguageProvider>
					<RouterProvider router={router} />
				</LanguageProvider>
			</QueryClientProvider>
		</CSPProvider>
	);
}
