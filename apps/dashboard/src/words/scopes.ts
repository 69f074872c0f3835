import type { TokenScope } from '@chat-manager/contracts';
import type { z } from 'zod';
import type { Words } from './language.tsx';

type ScopeName = Extract<
	z.output<typeof TokenScope>,
	'groups:read' | 'messages:read' | 'messages:send' | 'members:manage' | 'groups:manage' | 'webhooks:manage'
>;
type ScopeWords = Readonly<Record<ScopeName, string>>;

/** What a token may do, as a person decides on it. */
export const scopeWords: Words<ScopeWords> = {
	en: {
		'groups:read': 'See starred groups, their members and who joined or left',
		'messages:read': 'Read stored messages',
		'messages:send': 'Send messages',
		'members:manage': 'Add and remove people',
		'groups:manage': 'Create, star, rename and describe groups, share invite links',
		'webhooks:manage': 'See, add and delete webhooks',
	},
	es: {
		'groups:read': 'Ver los grupos marcados, sus miembros y quién entró o salió',
		'messages:read': 'Leer los mensajes guardados',
		'messages:send': 'Enviar mensajes',
		'members:manage': 'Añadir y quitar personas',
		'groups:manage': 'Crear, marcar, renombrar y describir grupos, compartir enlaces de invitación',
		'webhooks:manage': 'Ver, añadir y borrar webhooks',
	},
	pt: {
		'groups:read': 'Ver os grupos marcados, seus membros e quem entrou ou saiu',
		'messages:read': 'Ler as mensagens guardadas',
		'messages:send': 'Enviar mensagens',
		'members:manage': 'Adicionar e remover pessoas',
		'groups:manage': 'Criar, marcar, renomear e descrever grupos, compartilhar links de convite',
		'webhooks:manage': 'Ver, adicionar e apagar webhooks',
	},
};

export const scopeNames = Object.keys(scopeWords.en).filter(isScopeName);

function isScopeName(name: string): name is ScopeName {
	return Object.hasOwn(scopeWords.en, name);
}
