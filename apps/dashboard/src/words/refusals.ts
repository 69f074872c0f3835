import type { ErrorCode } from '@chat-manager/contracts';
import type { Words } from './language.tsx';

/** What people are told of refusals that they meet here; the server's own sentences are for agents, and name their tools. */
type Refusals = Readonly<Partial<Record<ErrorCode, string>>> & {
	/** When it can be tried again: `at` is a time of the day, or the day itself when it is not today. */
	readonly notBefore: (at: string) => string;
};

const en: Refusals = {
	device_offline:
		'Your WhatsApp is not connected at the moment. See the device page for what to do; nothing was changed.',
	device_not_linked: 'No WhatsApp is linked. Link one on the device page.',
	not_group_admin: 'Only admins of the group may do this, and you are not one. Ask an admin to make you one.',
	not_group_member: 'You are no longer in this group. Join it again on your phone, or remove its star.',
	group_not_found: 'WhatsApp does not know this group any more. It may have been deleted.',
	whatsapp_refused: 'WhatsApp refused this, and nothing was changed. Try it on your phone to see why.',
	whatsapp_rate_limited: 'WhatsApp asks to slow down, and nothing was changed.',
	outcome_unknown:
		'No answer came in time, so it is not known whether this was done. Look before you repeat it.',
	timeout: 'No answer came in time. Try again in a moment; doing it twice does no harm.',
	notBefore: (at) => `Try again after ${at}.`,
};

export const refusalWords: Words<Refusals> = {
	en,
	es: {
		device_offline:
			'Tu WhatsApp no está conectado en este momento. La página del dispositivo dice qué hacer; no se cambió nada.',
		device_not_linked: 'No hay ningún WhatsApp vinculado. Vincula uno en la página del dispositivo.',
		not_group_admin:
			'Solo los administradores del grupo pueden hacer esto, y tú no lo eres. Pide a uno que te haga administrador.',
		not_group_member: 'Ya no estás en este grupo. Entra de nuevo desde tu teléfono o quítale la marca.',
		group_not_found: 'WhatsApp ya no conoce este grupo. Puede que se haya eliminado.',
		whatsapp_refused: 'WhatsApp lo rechazó y no se cambió nada. Pruébalo en tu teléfono para ver por qué.',
		whatsapp_rate_limited: 'WhatsApp pide ir más despacio, y no se cambió nada.',
		outcome_unknown: 'No llegó respuesta a tiempo, así que no se sabe si se hizo. Míralo antes de repetirlo.',
		timeout:
			'No llegó respuesta a tiempo. Prueba de nuevo en un momento; hacerlo dos veces no causa ningún daño.',
		notBefore: (at) => `Prueba de nuevo después de: ${at}.`,
	},
	pt: {
		device_offline:
			'Seu WhatsApp não está conectado no momento. A página do dispositivo diz o que fazer; nada foi mudado.',
		device_not_linked: 'Nenhum WhatsApp está conectado. Conecte um na página do dispositivo.',
		not_group_admin:
			'Só administradores do grupo podem fazer isto, e você não é um. Peça a um deles que faça de você administrador.',
		not_group_member: 'Você não está mais neste grupo. Entre de novo pelo telefone ou tire a marca dele.',
		group_not_found: 'O WhatsApp não conhece mais este grupo. Ele pode ter sido apagado.',
		whatsapp_refused: 'O WhatsApp recusou isto e nada foi mudado. Tente no seu telefone para ver por quê.',
		whatsapp_rate_limited: 'O WhatsApp pede para ir mais devagar, e nada foi mudado.',
		outcome_unknown: 'Nenhuma resposta veio a tempo, então não se sabe se foi feito. Olhe antes de repetir.',
		timeout:
			'Nenhuma resposta veio a tempo. Tente de novo em um momento; fazer duas vezes não causa nenhum dano.',
		notBefore: (at) => `Tente de novo depois de: ${at}.`,
	},
};
