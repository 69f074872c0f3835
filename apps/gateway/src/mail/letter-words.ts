/** What a mail tells afterwards, so that nobody changes an account unnoticed. */
export type NoticeKind =
	| 'password_changed'
	| 'access_ended'
	| 'second_factor_on'
	| 'second_factor_off'
	| 'passkey_added'
	| 'passkey_removed';

/** The words of all mails in one language. */
export type LetterWords = {
	greeting(name: string): string;
	closing: string;
	reset: { subject: string; paragraphs(minutes: number): string[]; label: string };
	confirmation: { subject: string; paragraphs(hours: number): string[]; label: string };
	emailChanged: { subject: string; paragraphs(email: string): string[] };
	/** `until` is a day, as 2026-01-31. */
	invitation: { subject: string; paragraphs(until: string): string[]; label: string };
	notices: Readonly<Record<NoticeKind, { subject: string; text: string }>>;
	notYou: { text: string; label: string };
	webhookDisabled: {
		subject(name: string): string;
		gone(name: string): string;
		failing(name: string): string;
		whatNext: string;
		label: string;
	};
	accountDeleted: { subject: string; paragraphs: string[] };
};

export const en: LetterWords = {
	greeting: (name) => `Hello ${name},`,
	closing: 'Chat Manager',
	reset: {
		subject: 'Choose a new password',
		paragraphs: (minutes) => [
			`Somebody, hopefully you, asked for a new password. The link below works once, for ${minutes} minutes. After that, all devices are signed out.`,
			'If it was not you, do nothing: your password stays as it is.',
		],
		label: 'Choose a new password',
	},
	confirmation: {
		subject: 'Confirm your e-mail address',
		paragraphs: (hours) => [
			`Confirm that this address is yours. It is where a link to a new password goes when you forget yours. The link below works for ${hours} hours.`,
			'If you know nothing of this, do nothing.',
		],
		label: 'Confirm the address',
	},
	emailChanged: {
		subject: 'Your e-mail address was changed',
		paragraphs: (email) => [
			`Your account has another e-mail address from now on: ${email}. Mails go there, and nothing more comes to this one.`,
			'If it was not you, tell whoever runs this server at once.',
		],
	},
	invitation: {
		subject: 'You are invited to Chat Manager',
		paragraphs: (until) => [
			`You can make an account, link your WhatsApp, star groups, and let your AI client read and run them. The link below works once, until ${until}.`,
			'If you do not expect this, do nothing.',
		],
		label: 'Create your account',
	},
	notices: {
		password_changed: { subject: 'Your password was changed', text: 'Your password was changed just now.' },
		access_ended: {
			subject: 'Your password was changed, and access was ended',
			text: 'Your password was changed just now. Until then nobody had confirmed this address, so the account may have been made by somebody else: passkeys and access tokens that it had no longer work, and your AI client needs a new token. Look at the linked device and at the webhooks, and remove what is not yours.',
		},
		second_factor_on: {
			subject: 'Two-step sign-in is on',
			text: 'From now on signing in asks for a code of your authenticator app too.',
		},
		second_factor_off: {
			subject: 'Two-step sign-in is off',
			text: 'Signing in no longer asks for a code of your authenticator app.',
		},
		passkey_added: {
			subject: 'A passkey was added',
			text: 'A passkey was added to your account: with it, one can sign in without the password.',
		},
		passkey_removed: { subject: 'A passkey was removed', text: 'A passkey was removed from your account.' },
	},
	notYou: {
		text: 'If it was not you, change your password at once and sign all other devices out.',
		label: 'Open your account',
	},
	webhookDisabled: {
		subject: (name) => `Webhook disabled: ${name}`,
		gone: (name) =>
			`The endpoint of your webhook “${name}” answered that it is gone for good (410), so nothing is posted to it any more.`,
		failing: (name) =>
			`Your webhook “${name}” accepted nothing for days, so nothing is posted to it any more.`,
		whatNext:
			'What it misses is kept for 30 days, unless this server is set otherwise: repair the endpoint, switch the webhook on again, and replay what it missed.',
		label: 'Look at the webhook',
	},
	accountDeleted: {
		subject: 'Your account is deleted',
		paragraphs: [
			'Your account and everything that was kept of it here is deleted: your device is unlinked, messages, groups, webhooks and access tokens are gone.',
			'This was the last mail to you.',
		],
	},
};

export const es: LetterWords = {
	greeting: (name) => `Hola, ${name}:`,
	closing: 'Chat Manager',
	reset: {
		subject: 'Elige una contraseña nueva',
		paragraphs: (minutes) => [
			`Alguien, esperamos que tú, pidió una contraseña nueva. El enlace de abajo sirve una vez, durante ${minutes} minutos. Después se cierra la sesión en todos los dispositivos.`,
			'Si no fuiste tú, no hagas nada: tu contraseña sigue igual.',
		],
		label: 'Elegir una contraseña nueva',
	},
	confirmation: {
		subject: 'Confirma tu correo electrónico',
		paragraphs: (hours) => [
			`Confirma que esta dirección es tuya. Aquí llega el enlace para una contraseña nueva cuando olvidas la tuya. El enlace de abajo sirve durante ${hours} horas.`,
			'Si no sabes de qué se trata, no hagas nada.',
		],
		label: 'Confirmar la dirección',
	},
	emailChanged: {
		subject: 'Tu correo electrónico cambió',
		paragraphs: (email) => [
			`Desde ahora tu cuenta tiene otro correo electrónico: ${email}. Los mensajes van allí, y a este no llega nada más.`,
			'Si no fuiste tú, avisa ahora mismo a quien administra este servidor.',
		],
	},
	invitation: {
		subject: 'Te invitan a Chat Manager',
		paragraphs: (until) => [
			`Puedes crear una cuenta, vincular tu WhatsApp, marcar grupos y dejar que tu cliente de IA los lea y gestione. El enlace de abajo sirve una vez, hasta el ${until}.`,
			'Si no lo esperabas, no hagas nada.',
		],
		label: 'Crear tu cuenta',
	},
	notices: {
		password_changed: { subject: 'Tu contraseña cambió', text: 'Tu contraseña se acaba de cambiar.' },
		access_ended: {
			subject: 'Tu contraseña cambió y se cerraron los accesos',
			text: 'Tu contraseña se acaba de cambiar. Hasta ahora nadie había confirmado esta dirección, así que la cuenta pudo haberla creado otra persona: las llaves de acceso y los tokens que tenía ya no sirven, y tu cliente de IA necesita un token nuevo. Revisa el dispositivo vinculado y los webhooks, y quita lo que no sea tuyo.',
		},
		second_factor_on: {
			subject: 'La verificación en dos pasos está activada',
			text: 'Desde ahora, al iniciar sesión se pide también un código de tu app de autenticación.',
		},
		second_factor_off: {
			subject: 'La verificación en dos pasos está desactivada',
			text: 'Al iniciar sesión ya no se pide un código de tu app de autenticación.',
		},
		passkey_added: {
			subject: 'Se añadió una llave de acceso',
			text: 'Se añadió una llave de acceso a tu cuenta: con ella se puede entrar sin contraseña.',
		},
		passkey_removed: {
			subject: 'Se quitó una llave de acceso',
			text: 'Se quitó una llave de acceso de tu cuenta.',
		},
	},
	notYou: {
		text: 'Si no fuiste tú, cambia tu contraseña ahora mismo y cierra la sesión en los demás dispositivos.',
		label: 'Abrir tu cuenta',
	},
	webhookDisabled: {
		subject: (name) => `Webhook desactivado: ${name}`,
		gone: (name) =>
			`El destino de tu webhook «${name}» respondió que ya no existe (410), así que no se le envía nada más.`,
		failing: (name) => `Tu webhook «${name}» no aceptó nada durante días, así que no se le envía nada más.`,
		whatNext:
			'Lo que se pierde se guarda 30 días, salvo que este servidor esté configurado de otro modo: repara el destino, vuelve a activar el webhook y reenvía lo perdido.',
		label: 'Ver el webhook',
	},
	accountDeleted: {
		subject: 'Tu cuenta se eliminó',
		paragraphs: [
			'Tu cuenta y todo lo que se guardaba de ella aquí se eliminó: tu dispositivo está desvinculado; mensajes, grupos, webhooks y tokens ya no existen.',
			'Este es el último correo que te enviamos.',
		],
	},
};

export const pt: LetterWords = {
	greeting: (name) => `Olá, ${name}!`,
	closing: 'Chat Manager',
	reset: {
		subject: 'Escolha uma nova senha',
		paragraphs: (minutes) => [
			`Alguém, esperamos que você, pediu uma nova senha. O link abaixo funciona uma vez, por ${minutes} minutos. Depois disso, todos os dispositivos saem da conta.`,
			'Se não foi você, não faça nada: sua senha continua a mesma.',
		],
		label: 'Escolher uma nova senha',
	},
	confirmation: {
		subject: 'Confirme seu e-mail',
		paragraphs: (hours) => [
			`Confirme que este endereço é seu. É para cá que vai o link de uma nova senha quando você esquece a sua. O link abaixo funciona por ${hours} horas.`,
			'Se você não sabe do que se trata, não faça nada.',
		],
		label: 'Confirmar o endereço',
	},
	emailChanged: {
		subject: 'Seu e-mail mudou',
		paragraphs: (email) => [
			`A partir de agora sua conta tem outro e-mail: ${email}. As mensagens vão para lá, e nada mais chega a este.`,
			'Se não foi você, avise agora quem cuida deste servidor.',
		],
	},
	invitation: {
		subject: 'Convite para o Chat Manager',
		paragraphs: (until) => [
			`Você pode criar uma conta, conectar seu WhatsApp, marcar grupos e deixar seu cliente de IA ler e cuidar deles. O link abaixo funciona uma vez, até ${until}.`,
			'Se você não esperava isto, não faça nada.',
		],
		label: 'Criar sua conta',
	},
	notices: {
		password_changed: { subject: 'Sua senha mudou', text: 'Sua senha acabou de ser mudada.' },
		access_ended: {
			subject: 'Sua senha mudou e os acessos foram encerrados',
			text: 'Sua senha acabou de ser mudada. Até agora ninguém tinha confirmado este endereço, então a conta pode ter sido criada por outra pessoa: as chaves de acesso e os tokens que ela tinha não funcionam mais, e seu cliente de IA precisa de um token novo. Veja o dispositivo conectado e os webhooks, e remova o que não for seu.',
		},
		second_factor_on: {
			subject: 'A verificação em duas etapas está ligada',
			text: 'A partir de agora, entrar pede também um código do seu app autenticador.',
		},
		second_factor_off: {
			subject: 'A verificação em duas etapas está desligada',
			text: 'Entrar não pede mais um código do seu app autenticador.',
		},
		passkey_added: {
			subject: 'Uma chave de acesso foi adicionada',
			text: 'Uma chave de acesso foi adicionada à sua conta: com ela se entra sem a senha.',
		},
		passkey_removed: {
			subject: 'Uma chave de acesso foi removida',
			text: 'Uma chave de acesso foi removida da sua conta.',
		},
	},
	notYou: {
		text: 'Se não foi você, mude sua senha agora e saia da conta nos outros dispositivos.',
		label: 'Abrir sua conta',
	},
	webhookDisabled: {
		subject: (name) => `Webhook desativado: ${name}`,
		gone: (name) =>
			`O destino do seu webhook “${name}” respondeu que não existe mais (410), então nada mais é enviado a ele.`,
		failing: (name) => `Seu webhook “${name}” não aceitou nada por dias, então nada mais é enviado a ele.`,
		whatNext:
			'O que ele perde fica guardado por 30 dias, a não ser que este servidor esteja configurado de outro modo: conserte o destino, ligue o webhook de novo e reenvie o que faltou.',
		label: 'Ver o webhook',
	},
	accountDeleted: {
		subject: 'Sua conta foi excluída',
		paragraphs: [
			'Sua conta e tudo o que era guardado dela aqui foi excluído: seu dispositivo está desconectado; mensagens, grupos, webhooks e tokens não existem mais.',
			'Este foi o último e-mail para você.',
		],
	},
};
