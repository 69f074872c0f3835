import type { Words } from './language.tsx';

const en = {
	address: 'E-mail address',
	isConfirmed: 'Confirmed',
	notConfirmed: 'Not confirmed',
	confirmWhy:
		'A forgotten password is replaced by a mail to this address. Confirm it by a link in a mail, so that you know that mails arrive.',
	sendConfirmation: 'Send me the link',
	confirmationSent: (email: string) =>
		`A mail with a link is on its way to ${email}. The link works for 24 hours.`,
	newAddress: 'New e-mail address',
	newHint: 'A mail with a link goes there. The address changes when you open it, while you are signed in.',
	newHintWithoutMail: 'With it you sign in from then on. No mail is sent to look whether it is right.',
	newMissing: 'Enter an e-mail address.',
	change: 'Change the address',
	changed: 'The e-mail address is changed.',
	changeSent: (email: string) =>
		`A mail with a link is on its way to ${email}. If none comes, look whether the address is right; it may also belong to another account.`,
	callOff: 'Keep the address as it is',
	calledOff: 'The address stays as it is: that link does nothing any more.',
	mayBeTaken: 'The address was not changed: this one may belong to another account.',
	confirmTitle: 'Confirm your e-mail address',
	confirmIntro: 'One press, and it is known that this address is yours.',
	confirm: 'Confirm the address',
	signInFirst: 'Sign in first to the account that is to get this address, then confirm it here.',
	refused:
		'This link does nothing (any more): it was used before or called off, its time is over, it is for another account than the one you are signed in to, or another account has the address by now. Ask for a new one in the settings of your account.',
	doneTitle: 'Your address is confirmed',
	done: (email: string) => `${email} is the address of your account.`,
	toAccount: 'Go to your account',
};

export const emailWords: Words<typeof en> = {
	en,
	es: {
		address: 'Correo electrónico',
		isConfirmed: 'Confirmado',
		notConfirmed: 'Sin confirmar',
		confirmWhy:
			'Una contraseña olvidada se cambia con un mensaje a esta dirección. Confírmala con un enlace en un mensaje, para saber que los mensajes llegan.',
		sendConfirmation: 'Enviarme el enlace',
		confirmationSent: (email) =>
			`Un mensaje con un enlace va en camino a ${email}. El enlace sirve durante 24 horas.`,
		newAddress: 'Nuevo correo electrónico',
		newHint: 'Allí llega un mensaje con un enlace. El correo cambia cuando lo abres con la sesión iniciada.',
		newHintWithoutMail: 'Con él inicias sesión desde entonces. No se envía ningún mensaje para comprobarlo.',
		newMissing: 'Escribe un correo electrónico.',
		change: 'Cambiar el correo',
		changed: 'El correo electrónico cambió.',
		changeSent: (email) =>
			`Un mensaje con un enlace va en camino a ${email}. Si no llega, mira si la dirección es correcta; también puede ser de otra cuenta.`,
		callOff: 'Dejar el correo como está',
		calledOff: 'El correo queda como está: ese enlace ya no sirve.',
		mayBeTaken: 'El correo no cambió: puede que este sea de otra cuenta.',
		confirmTitle: 'Confirma tu correo electrónico',
		confirmIntro: 'Un clic, y se sabe que esta dirección es tuya.',
		confirm: 'Confirmar la dirección',
		signInFirst:
			'Inicia sesión primero en la cuenta que va a tener esta dirección y después confírmala aquí.',
		refused:
			'Este enlace no sirve (ya): se usó antes o se canceló, su tiempo terminó, es de otra cuenta que la que tienes abierta, o esa dirección ya es de otra cuenta. Pide uno nuevo en los ajustes de tu cuenta.',
		doneTitle: 'Tu correo está confirmado',
		done: (email) => `${email} es el correo de tu cuenta.`,
		toAccount: 'Ir a tu cuenta',
	},
	pt: {
		address: 'E-mail',
		isConfirmed: 'Confirmado',
		notConfirmed: 'Não confirmado',
		confirmWhy:
			'Uma senha esquecida é trocada por uma mensagem a este endereço. Confirme-o por um link em uma mensagem, para saber que as mensagens chegam.',
		sendConfirmation: 'Enviar o link para mim',
		confirmationSent: (email) =>
			`Uma mensagem com um link está a caminho de ${email}. O link funciona por 24 horas.`,
		newAddress: 'Novo e-mail',
		newHint: 'Uma mensagem com um link vai para lá. O e-mail muda quando você a abre com a conta aberta.',
		newHintWithoutMail: 'Com ele você entra a partir daí. Nenhuma mensagem é enviada para verificar.',
		newMissing: 'Digite um e-mail.',
		change: 'Mudar o e-mail',
		changed: 'O e-mail mudou.',
		changeSent: (email) =>
			`Uma mensagem com um link está a caminho de ${email}. Se não chegar, veja se o endereço está certo; ele também pode ser de outra conta.`,
		callOff: 'Deixar o e-mail como está',
		calledOff: 'O e-mail fica como está: aquele link não serve mais.',
		mayBeTaken: 'O e-mail não mudou: este pode ser de outra conta.',
		confirmTitle: 'Confirme seu e-mail',
		confirmIntro: 'Um clique, e se sabe que este endereço é seu.',
		confirm: 'Confirmar o endereço',
		signInFirst: 'Entre primeiro na conta que vai ter este endereço e depois confirme aqui.',
		refused:
			'Este link não serve (mais): já foi usado ou cancelado, o prazo dele acabou, ele é de outra conta que não a que está aberta, ou o endereço já é de outra conta. Peça um novo nos ajustes da sua conta.',
		doneTitle: 'Seu e-mail está confirmado',
		done: (email) => `${email} é o e-mail da sua conta.`,
		toAccount: 'Ir para a sua conta',
	},
};
