import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../../api/people.ts';
import { LanguageSelect } from '../../parts/language-select.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useWords } from '../../words/language.tsx';
import { settingsWords } from '../../words/settings.ts';
import { PasswordForm } from './password-form.tsx';
import { StorageSwitch } from './storage-switch.tsx';

export function AccountPage() {
	const words = useWords(settingsWords);
	const { data: user } = useQuery(sessionQuery);
	return (
		<>
			<PageHead title={words.account} intro={words.accountIntro} />
			{user != null && (
				<section className="card">
					<div className="card-head">
						<div>
							<h2>
								<bdi>{user.name}</bdi>
							</h2>
							<p className="soft">{user.email}</p>
						</div>
						<LanguageSelect />
					</div>
				</section>
			)}
			<section className="card">
				<h2>{words.storage}</h2>
				<StorageSwitch />
			</section>
			<section className="card">
				<h2>{words.password}</h2>
				<PasswordForm />
			</section>
		</>
	);
}
