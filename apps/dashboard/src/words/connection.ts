import type { ConnectionStep, Fault } from '../pages/tokens/test-connection.ts';
import type { Words } from './language.tsx';

const en = {
	title: 'Test the connection',
	intro: 'Connects from this browser as a client does, and says at which step something is in the way.',
	token: 'Token to test with',
	tokenHint: 'Empty: one is made that may only read, and revoked after the test.',
	start: 'Test the connection',
	steps: {
		address: 'The address can be reached',
		token: 'The token is accepted',
		protocol: 'Both speak the same protocol',
		tools: 'The tools are listed',
		call: 'A first call is answered',
	} satisfies Record<ConnectionStep, string>,
	states: { busy: 'being tried', later: 'not tried', ok: 'works', failed: 'failed' },
	allWell:
		'Everything works from this browser. If a client still does not connect, compare its address and token.',
	fact(step: ConnectionStep, fact: string | number): string {
		return step === 'tools' ? (fact === 1 ? '1 tool' : `${fact} tools`) : String(fact);
	},
	fault(fault: Fault): string {
		switch (fault.reason) {
			case 'elsewhere':
				return `You opened the dashboard at ${fault.here}, but clients use ${fault.there}. Open it there and test again; if it cannot be opened there, its operator has to correct CM_PUBLIC_URL.`;
			case 'unreachable':
				return 'There was no answer. Look whether the server runs, whether its name leads to it, and whether a firewall or a VPN is in between.';
			case 'not_ours':
				return 'Something answers, but it is not Chat Manager: a proxy in front may not pass this address on.';
			case 'no_protocol':
				return 'The answer is not one of the protocol. A proxy in front may be changing it.';
			case 'no_tools':
				return 'This token may use no tool that only reads. Create one that may, or test without a token.';
			case 'said':
				return fault.sentence;
		}
	},
};

export const connectionWords: Words<typeof en> = {
	en,
	es: {
		title: 'Probar la conexión',
		intro: 'Se conecta desde este navegador como lo hace un cliente y dice en qué paso hay un obstáculo.',
		token: 'Token para la prueba',
		tokenHint: 'Vacío: se crea uno que solo puede leer y se revoca después de la prueba.',
		start: 'Probar la conexión',
		steps: {
			address: 'Se llega a la dirección',
			token: 'El token es aceptado',
			protocol: 'Ambos hablan el mismo protocolo',
			tools: 'Se listan las herramientas',
			call: 'Una primera llamada recibe respuesta',
		},
		states: { busy: 'probando', later: 'sin probar', ok: 'funciona', failed: 'falló' },
		allWell:
			'Todo funciona desde este navegador. Si un cliente aún no se conecta, compara su dirección y su token.',
		fact: (step, fact) =>
			step === 'tools' ? (fact === 1 ? '1 herramienta' : `${fact} herramientas`) : String(fact),
		fault(fault) {
			switch (fault.reason) {
				case 'elsewhere':
					return `Abriste el panel en ${fault.here}, pero los clientes usan ${fault.there}. Ábrelo allí y prueba de nuevo; si no se puede abrir allí, el operador tiene que corregir CM_PUBLIC_URL.`;
				case 'unreachable':
					return 'No hubo respuesta. Mira si el servidor funciona, si su nombre lleva a él y si hay un cortafuegos o una VPN en medio.';
				case 'not_ours':
					return 'Algo responde, pero no es Chat Manager: puede que un proxy no deje pasar esta dirección.';
				case 'no_protocol':
					return 'La respuesta no es del protocolo. Puede que un proxy la esté cambiando.';
				case 'no_tools':
					return 'Este token no puede usar ninguna herramienta que solo lea. Crea uno que pueda, o prueba sin token.';
				case 'said':
					return fault.sentence;
			}
		},
	},
	pt: {
		title: 'Testar a conexão',
		intro: 'Conecta a partir deste navegador como um cliente faz e diz em que passo há um obstáculo.',
		token: 'Token para o teste',
		tokenHint: 'Vazio: é criado um que só pode ler, e revogado depois do teste.',
		start: 'Testar a conexão',
		steps: {
			address: 'O endereço é alcançado',
			token: 'O token é aceito',
			protocol: 'Os dois falam o mesmo protocolo',
			tools: 'As ferramentas são listadas',
			call: 'Uma primeira chamada é respondida',
		},
		states: { busy: 'testando', later: 'não testado', ok: 'funciona', failed: 'falhou' },
		allWell:
			'Tudo funciona a partir deste navegador. Se um cliente ainda não conecta, compare o endereço e o token dele.',
		fact: (step, fact) =>
			step === 'tools' ? (fact === 1 ? '1 ferramenta' : `${fact} ferramentas`) : String(fact),
		fault(fault) {
			switch (fault.reason) {
				case 'elsewhere':
					return `Você abriu o painel em ${fault.here}, mas os clientes usam ${fault.there}. Abra-o lá e teste de novo; se não abrir lá, o operador precisa corrigir CM_PUBLIC_URL.`;
				case 'unreachable':
					return 'Não houve resposta. Veja se o servidor está no ar, se o nome leva a ele e se há um firewall ou uma VPN no meio.';
				case 'not_ours':
					return 'Algo responde, mas não é o Chat Manager: um proxy pode não estar repassando este endereço.';
				case 'no_protocol':
					return 'A resposta não é do protocolo. Um proxy pode estar mudando-a.';
				case 'no_tools':
					return 'Este token não pode usar nenhuma ferramenta que só lê. Crie um que possa, ou teste sem token.';
				case 'said':
					return fault.sentence;
			}
		},
	},
};
