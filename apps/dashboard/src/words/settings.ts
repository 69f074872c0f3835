import type { Words } from './language.tsx';

const en = {
	account: 'Account',
	accountIntro: 'You, your password, and what is kept.',
	storage: 'Message storage',
	storageOn: 'Messages of starred groups are stored',
	storageHint:
		'They are encrypted with a key of your own, and can be read and searched here and by your AI client. Switched off, no text is kept from then on; member counts still are.',
	storageIsOn: 'Messages are stored from now on.',
	storageIsOff: 'No messages are stored from now on.',
	password: 'Password',
	currentPassword: 'Current password',
	newPassword: 'New password',
	newPasswordHint: 'At least 10 characters. All other devices are signed out.',
	changePassword: 'Change password',
	passwordChanged: 'The password is changed; all other devices are signed out.',
	currentMissing: 'Enter your current password.',
	newShort: 'Use at least 10 characters.',
};

export const settingsWords: Words<typeof en> = {
	en,
	es: {
		account: 'Cuenta',
		accountIntro: 'Tú, tu contraseña y lo que se guarda.',
		storage: 'Guardado de mensajes',
		storageOn: 'Se guardan los mensajes de los grupos marcados',
		storageHint:
			'Se cifran con una clave tuya y se pueden leer y buscar aquí y con tu cliente de IA. Si lo apagas, desde ese momento no se guarda ningún texto; los recuentos por miembro sí.',
		storageIsOn: 'Desde ahora se guardan los mensajes.',
		storageIsOff: 'Desde ahora no se guardan mensajes.',
		password: 'Contraseña',
		currentPassword: 'Contraseña actual',
		newPassword: 'Contraseña nueva',
		newPasswordHint: 'Al menos 10 caracteres. Se cierra la sesión en los demás dispositivos.',
		changePassword: 'Cambiar la contraseña',
		passwordChanged: 'La contraseña cambió; se cerró la sesión en los demás dispositivos.',
		currentMissing: 'Escribe tu contraseña actual.',
		newShort: 'Usa al menos 10 caracteres.',
	},
	pt: {
		account: 'Conta',
		accountIntro: 'Você, sua senha e o que é guardado.',
		storage: 'Armazenamento de mensagens',
		storageOn: 'As mensagens dos grupos marcados são guardadas',
		storageHint:
			'Elas são cifradas com uma chave sua e podem ser lidas e buscadas aqui e pelo seu cliente de IA. Desligado, nenhum texto é guardado a partir daí; as contagens por membro sim.',
		storageIsOn: 'A partir de agora as mensagens são guardadas.',
		storageIsOff: 'A partir de agora nenhuma mensagem é guardada.',
		password: 'Senha',
		currentPassword: 'Senha atual',
		newPassword: 'Nova senha',
		newPasswordHint: 'Pelo menos 10 caracteres. Todos os outros dispositivos saem da conta.',
		changePassword: 'Mudar a senha',
		passwordChanged: 'A senha mudou; os outros dispositivos saíram da conta.',
		currentMissing: 'Digite sua senha atual.',
		newShort: 'Use pelo menos 10 caracteres.',
	},
};
