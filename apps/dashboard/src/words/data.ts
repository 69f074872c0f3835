import type { Words } from './language.tsx';

const en = {
	title: 'Your data',
	exportHint:
		'One zip file with everything that is kept of you: profile, devices, tokens and webhooks (without their secrets), groups, members, membership changes, messages, and what your tokens did. Each line of its files is one thing, as JSON.',
	export: 'Download my data',
	exporting: (percent: string) => `Downloading… ${percent}`,
	stop: 'Stop',
	exported: 'Your data is downloaded.',
	deleteMessages: 'Delete all stored messages',
	deleteMessagesTitle: 'Delete all stored messages?',
	deleteMessagesText:
		'Every stored message of all your groups is deleted here, for good; on your phone they stay. Members and counts stay too. What was posted to webhooks is kept in their list of deliveries for up to 30 days, or as long as this server is set to; deleting a webhook deletes it.',
	messagesDeleted: (count: number, shown: string) =>
		count === 1 ? 'Deleted one message.' : `Deleted ${shown} messages.`,
	deleteTitle: 'Delete the account',
	deleteHint:
		'Unlinks your device and deletes everything that is kept of you here: groups, messages, webhooks, tokens. It cannot be taken back.',
	delete: 'Delete my account',
	deleteDialog: 'Delete your account for good?',
	typeEmail: 'Type your e-mail address to say that you mean it',
	emailDiffers: 'This is not the address of your account.',
	deleteForGood: 'Delete for good',
	goneTitle: 'Your account is deleted',
	goneText:
		'Your device is being unlinked, and everything that was kept of you here is being destroyed. It takes a moment, and goes on by itself.',
	toSignIn: 'Go to signing in',
};

export const dataWords: Words<typeof en> = {
	en,
	es: {
		title: 'Tus datos',
		exportHint:
			'Un archivo zip con todo lo que se guarda de ti: perfil, dispositivos, tokens y webhooks (sin sus secretos), grupos, miembros, cambios de miembros, mensajes y lo que hicieron tus tokens. Cada línea de sus archivos es una cosa, en JSON.',
		export: 'Descargar mis datos',
		exporting: (percent) => `Descargando… ${percent}`,
		stop: 'Detener',
		exported: 'Tus datos están descargados.',
		deleteMessages: 'Eliminar todos los mensajes guardados',
		deleteMessagesTitle: '¿Eliminar todos los mensajes guardados?',
		deleteMessagesText:
			'Se eliminan aquí, para siempre, todos los mensajes guardados de todos tus grupos; en tu teléfono siguen. Los miembros y recuentos también siguen. Lo que se envió a webhooks queda en su lista de entregas hasta 30 días, o lo que este servidor tenga configurado; al eliminar un webhook se elimina.',
		messagesDeleted: (count, shown) =>
			count === 1 ? 'Se eliminó un mensaje.' : `Se eliminaron ${shown} mensajes.`,
		deleteTitle: 'Eliminar la cuenta',
		deleteHint:
			'Desvincula tu dispositivo y elimina todo lo que se guarda de ti aquí: grupos, mensajes, webhooks, tokens. No se puede deshacer.',
		delete: 'Eliminar mi cuenta',
		deleteDialog: '¿Eliminar tu cuenta para siempre?',
		typeEmail: 'Escribe tu correo para confirmar que es en serio',
		emailDiffers: 'No es el correo de tu cuenta.',
		deleteForGood: 'Eliminar para siempre',
		goneTitle: 'Tu cuenta está eliminada',
		goneText:
			'Tu dispositivo se está desvinculando y todo lo que se guardaba de ti aquí se está destruyendo. Tarda un momento y sigue por sí solo.',
		toSignIn: 'Ir a iniciar sesión',
	},
	pt: {
		title: 'Seus dados',
		exportHint:
			'Um arquivo zip com tudo o que é guardado de você: perfil, dispositivos, tokens e webhooks (sem os segredos), grupos, membros, mudanças de membros, mensagens e o que seus tokens fizeram. Cada linha dos arquivos é uma coisa, em JSON.',
		export: 'Baixar meus dados',
		exporting: (percent) => `Baixando… ${percent}`,
		stop: 'Parar',
		exported: 'Seus dados foram baixados.',
		deleteMessages: 'Excluir todas as mensagens guardadas',
		deleteMessagesTitle: 'Excluir todas as mensagens guardadas?',
		deleteMessagesText:
			'Todas as mensagens guardadas de todos os seus grupos são excluídas aqui, para sempre; no seu celular elas ficam. Membros e contagens também ficam. O que foi enviado a webhooks fica na lista de entregas por até 30 dias, ou pelo tempo configurado neste servidor; excluir o webhook exclui isso.',
		messagesDeleted: (count, shown) =>
			count === 1 ? 'Uma mensagem excluída.' : `${shown} mensagens excluídas.`,
		deleteTitle: 'Excluir a conta',
		deleteHint:
			'Desconecta seu dispositivo e exclui tudo o que é guardado de você aqui: grupos, mensagens, webhooks, tokens. Não dá para desfazer.',
		delete: 'Excluir minha conta',
		deleteDialog: 'Excluir sua conta para sempre?',
		typeEmail: 'Digite seu e-mail para confirmar que é isso mesmo',
		emailDiffers: 'Este não é o e-mail da sua conta.',
		deleteForGood: 'Excluir para sempre',
		goneTitle: 'Sua conta foi excluída',
		goneText:
			'Seu dispositivo está sendo desconectado e tudo o que era guardado de você aqui está sendo destruído. Leva um momento e continua sozinho.',
		toSignIn: 'Ir para a entrada',
	},
};
