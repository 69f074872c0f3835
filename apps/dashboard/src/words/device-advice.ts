import type { DeviceReason, DeviceState, Language } from '@chat-manager/contracts';

type Advice = Readonly<Record<DeviceReason | DeviceState, string>>;

/** What to do next, in the languages that the server's own `advice` is not written in. A reason says more than the state. */
const advice: Readonly<Record<Exclude<Language, 'en'>, Advice>> = {
	es: {
		unlinked: 'Vincula un WhatsApp para empezar.',
		linking: 'Sigue los pasos en tu teléfono.',
		connecting: 'El dispositivo se está conectando; tarda unos segundos.',
		connected: 'Tu dispositivo está conectado.',
		reconnecting: 'La conexión se cortó y se está restableciendo.',
		offline:
			'Ahora no se puede llegar a WhatsApp; seguimos intentándolo. Los mensajes llegarán cuando vuelva.',
		replaced: 'Otro programa tomó este vínculo. Vincula el dispositivo de nuevo para usarlo aquí.',
		logged_out: 'El dispositivo se quitó en tu teléfono. Vincúlalo de nuevo.',
		restricted: 'WhatsApp rechazó esta cuenta. Revísala en tu teléfono antes de vincularla otra vez.',
		passkey_required:
			'WhatsApp pide una llave de acceso para vincular esta cuenta, y solo sus propias aplicaciones pueden darla. Vincula otra cuenta o inténtalo más tarde: WhatsApp no siempre la pide.',
		qr_expired: 'Nadie escaneó el código QR a tiempo. Vincula de nuevo con el teléfono a mano.',
		code_expired: 'Nadie escribió el código a tiempo. Pide uno nuevo.',
		code_refused:
			'WhatsApp no vinculó con este código: se escribió mal o el teléfono tiene otro número. Revisa el número y pide otro código, o escanea un QR.',
		unreachable:
			'No se pudo llegar a WhatsApp varias veces seguidas. Revisa la conexión a internet de esta instalación y vincula de nuevo.',
		asked_to_wait: 'WhatsApp pide esperar antes del próximo intento. Intentarlo a menudo lo alarga.',
		removed_on_phone:
			'El dispositivo se quitó en tu teléfono, o el teléfono estuvo ausente demasiado tiempo. Vincúlalo de nuevo.',
		link_void:
			'Este vínculo ya no vale: WhatsApp ya no lo conoce, o este servidor se restauró de una copia de seguridad. Si tu teléfono aún lo muestra en Dispositivos vinculados, ciérralo allí. Después vincula el dispositivo de nuevo.',
		unlinked_here: 'Desvinculaste el dispositivo. Vincula uno para seguir.',
		banned:
			'WhatsApp bloqueó esta cuenta. Abre WhatsApp en tu teléfono: dice por qué y cómo pedir una revisión. Vincúlala de nuevo cuando funcione allí.',
		banned_for_a_while:
			'WhatsApp bloqueó esta cuenta por un tiempo. Abre WhatsApp en tu teléfono para ver cuánto, y escribe menos cuando termine.',
		client_too_old:
			'WhatsApp ya no acepta esta versión de Chat Manager. Quien administra esta instalación debe actualizarla; tu vínculo se conserva.',
	},
	pt: {
		unlinked: 'Conecte um WhatsApp para começar.',
		linking: 'Siga os passos no seu telefone.',
		connecting: 'O dispositivo está se conectando; leva alguns segundos.',
		connected: 'Seu dispositivo está conectado.',
		reconnecting: 'A conexão caiu e está sendo refeita.',
		offline:
			'Não é possível alcançar o WhatsApp agora; continuamos tentando. As mensagens chegam quando ele voltar.',
		replaced: 'Outro programa assumiu esta conexão. Conecte o dispositivo de novo para usá-lo aqui.',
		logged_out: 'O dispositivo foi removido no seu telefone. Conecte-o de novo.',
		restricted: 'O WhatsApp recusou esta conta. Verifique-a no telefone antes de conectar de novo.',
		passkey_required:
			'O WhatsApp pede uma chave de acesso para conectar esta conta, e só os aplicativos dele podem dá-la. Conecte outra conta ou tente mais tarde: o WhatsApp nem sempre a pede.',
		qr_expired: 'Ninguém escaneou o código QR a tempo. Conecte de novo com o telefone à mão.',
		code_expired: 'Ninguém digitou o código a tempo. Peça um novo.',
		code_refused:
			'O WhatsApp não conectou com este código: foi digitado errado ou o telefone tem outro número. Confira o número e peça outro código, ou escaneie um QR.',
		unreachable:
			'O WhatsApp não foi alcançado várias vezes seguidas. Verifique a internet desta instalação e conecte de novo.',
		asked_to_wait: 'O WhatsApp pede para esperar antes da próxima tentativa. Tentar muito aumenta a espera.',
		removed_on_phone:
			'O dispositivo foi removido no seu telefone, ou o telefone ficou ausente por muito tempo. Conecte-o de novo.',
		link_void:
			'Esta conexão não vale mais: o WhatsApp não a conhece mais, ou este servidor foi restaurado de um backup. Se o seu telefone ainda a mostra em Dispositivos conectados, desconecte-a lá. Depois conecte o dispositivo de novo.',
		unlinked_here: 'Você desconectou o dispositivo. Conecte um para continuar.',
		banned:
			'O WhatsApp bloqueou esta conta. Abra o WhatsApp no telefone: ele diz por quê e como pedir uma revisão. Conecte de novo quando funcionar lá.',
		banned_for_a_while:
			'O WhatsApp bloqueou esta conta por um tempo. Abra o WhatsApp no telefone para ver até quando, e escreva menos depois.',
		client_too_old:
			'O WhatsApp não aceita mais esta versão do Chat Manager. Quem cuida desta instalação precisa atualizá-la; sua conexão fica.',
	},
};

export function adviceIn(
	language: Language,
	device: { state: DeviceState; reason: DeviceReason | null; advice: string },
): string {
	return language === 'en' ? device.advice : advice[language][device.reason ?? device.state];
}
