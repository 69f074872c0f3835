import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../../api/people.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { useWords } from '../../words/language.tsx';
import { settingsWords } from '../../words/settings.ts';
import { DeleteAccount } from './delete-account.tsx';
import { DeleteMessages } from './delete-messages.tsx';
import { EmailAddress } from './email-address.tsx';
import { Passkeys } from './passkeys.tsx';
import { PasswordForm } from './password-form.tsx';
import { PersonCard } from './person-card.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Sessions } from './sessions.tsx';
import { StorageSwitch } from './storage-switch.tsx';
import { YourData } from './your-data.tsx';

export function AccountPage() {
	const words = useWords(settingsWords);
	const { data: user } = useQuery(sessionQuery);
	return (
		<>
			<PageHead title={words.account} intro={words.accountIntro} />
			{user != null && <PersonCard user={user} />}
			{user != null && <EmailAddress user={user} />}
			<section className="card settings-card">
				<h2>{words.storage}</h2>
				<StorageSwitch />
				<DeleteMessages />
			</section>
			<section className="card settings-card">
				<h2>{words.password}</h2>
				<PasswordForm />
			</section>
			{user != null && <SecondFactor isOn={user.hasSecondFactor} />}
			<Passkeys />
			{user != null && <Sessions ownId={user.sessionId} />}
			<YourData />
			{user != null && <DeleteAccount email={user.email} />}
		</>
	);
}
