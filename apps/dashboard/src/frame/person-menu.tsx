import { Menu } from '@base-ui/react/menu';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Check, ChevronsUpDown, LogOut } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { type SignedIn, sessionQuery, signOut } from '../api/people.ts';
import { useNotice } from '../parts/toasts.tsx';
import { useChooseLanguage } from '../parts/use-choose-language.ts';
import { frameWords } from '../words/frame.ts';
import { isLanguage, languages, useLanguage, useWords } from '../words/language.tsx';
import { chooseTheme, currentTheme, type Theme, themes } from './theme.ts';

/** Who is signed in: appearance, language, the way out. */
export function PersonMenu({ user, isWide = false }: { user: SignedIn; isWide?: boolean }) {
	const words = useWords(frameWords);
	const { language } = useLanguage();
	const chooseLanguage = useChooseLanguage();
	const [theme, setTheme] = useState<Theme>(currentTheme);
	const leave = useSignOut();
	// Inside the landmark that it belongs to, where a screen reader finds it.
	const place = useRef<HTMLDivElement>(null);
	return (
		<div ref={place}>
			<Menu.Root>
				<Menu.Trigger
					className={isWide ? 'person person-wide' : 'person'}
					{...(isWide ? {} : { 'aria-label': words.accountMenu(user.email) })}
				>
					<span className="avatar" aria-hidden>
						{initialOf(user.name)}
					</span>
					{isWide && (
						<>
							<span className="person-names">
								<bdi className="clip">{user.name}</bdi>
								<span className="clip soft small">{user.email}</span>
							</span>
							<ChevronsUpDown aria-hidden size={16} />
						</>
					)}
				</Menu.Trigger>
				<Menu.Portal container={place}>
					<Menu.Positioner
						positionMethod="fixed"
						sideOffset={8}
						align={isWide ? 'start' : 'end'}
						className="popup-place"
					>
						<Menu.Popup className="menu">
							<Choices
								label={words.theme}
								value={theme}
								choices={themes.map((name) => [name, words[name]])}
								onChoose={(chosen) => {
									const next = themes.find((name) => name === chosen) ?? 'system';
									chooseTheme(next);
									setTheme(next);
								}}
							/>
							<Menu.Separator className="menu-separator" />
							<Choices
								label={words.language}
								value={language}
								choices={Object.entries(languages)}
								onChoose={(chosen) => isLanguage(chosen) && chooseLanguage(chosen)}
							/>
							<Menu.Separator className="menu-separator" />
							<Menu.Item className="menu-item" onClick={leave}>
								<LogOut aria-hidden size={16} />
								{words.signOut}
							</Menu.Item>
						</Menu.Popup>
					</Menu.Positioner>
				</Menu.Portal>
			</Menu.Root>
		</div>
	);
}

function Choices(props: {
	label: string;
	value: string;
	choices: readonly (readonly [string, string])[];
	onChoose: (value: string) => void;
}): ReactNode {
	return (
		<Menu.RadioGroup value={props.value} onValueChange={(value) => props.onChoose(String(value))}>
			<Menu.GroupLabel className="menu-label">{props.label}</Menu.GroupLabel>
			{props.choices.map(([value, label]) => (
				<Menu.RadioItem key={value} value={value} className="menu-item" closeOnClick={false}>
					<span className="menu-mark">
						<Menu.RadioItemIndicator>
							<Check aria-hidden size={16} />
						</Menu.RadioItemIndicator>
					</span>
					{label}
				</Menu.RadioItem>
			))}
		</Menu.RadioGroup>
	);
}

function useSignOut(): () => void {
	const queryClient = useQueryClient();
	const navigate = useNavigate();
	const notice = useNotice();
	const { mutate } = useMutation({
		mutationFn: signOut,
		onSuccess: async () => {
			queryClient.clear();
			queryClient.setQueryData(sessionQuery.queryKey, null);
			await navigate({ to: '/sign-in' });
		},
		onError: notice.failed,
	});
	return () => mutate();
}

function initialOf(name: string): string {
	return [...name.trim()][0]?.toUpperCase() ?? '?';
}
