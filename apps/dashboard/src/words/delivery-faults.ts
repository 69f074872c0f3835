import type { DeliveryFault } from '@chat-manager/contracts';
import type { Words } from './language.tsx';

/** Why an attempt failed, and what its receiver can look at. */
const en: Record<DeliveryFault, string> = {
	address_refused:
		'The address leads to a network that nothing is posted to. Use one on the public internet.',
	name_not_found: 'The name of the server was not found. Check its DNS.',
	connection_refused: 'The server took no connection. Check that it is running and listens on this port.',
	connection_failed: 'The connection broke off before there was an answer.',
	tls_failed:
		'No secure connection could be made. Check the certificate: whom it is for, who signed it, until when it is valid.',
	timed_out: 'No answer came within 15 seconds. Answer first, and do the work after it.',
	bad_answer: 'What came was no HTTP answer.',
	redirected: 'The server redirected. Redirects are not followed: enter the address that it leads to.',
	gone: 'The server said that the endpoint is gone (410), so it was disabled.',
	http_error: 'The server did not accept it. Anything but a 2xx is tried again.',
	internal: 'Something went wrong here, not at your server. It is tried again.',
};

export const deliveryFaultWords: Words<typeof en> = {
	en,
	es: {
		address_refused:
			'La dirección lleva a una red a la que no se envía nada. Usa una de la internet pública.',
		name_not_found: 'No se encontró el nombre del servidor. Revisa su DNS.',
		connection_refused:
			'El servidor no aceptó la conexión. Comprueba que esté en marcha y escuche en ese puerto.',
		connection_failed: 'La conexión se cortó antes de que hubiera respuesta.',
		tls_failed:
			'No se pudo establecer una conexión segura. Revisa el certificado: para quién es, quién lo firmó y hasta cuándo vale.',
		timed_out: 'No hubo respuesta en 15 segundos. Responde primero y haz el trabajo después.',
		bad_answer: 'Lo que llegó no era una respuesta HTTP.',
		redirected: 'El servidor redirigió. No se siguen redirecciones: escribe la dirección a la que lleva.',
		gone: 'El servidor dijo que la dirección ya no existe (410), así que se desactivó.',
		http_error: 'El servidor no lo aceptó. Todo lo que no sea un 2xx se intenta de nuevo.',
		internal: 'Algo falló aquí, no en tu servidor. Se intenta de nuevo.',
	},
	pt: {
		address_refused: 'O endereço leva a uma rede para a qual nada é enviado. Use um da internet pública.',
		name_not_found: 'O nome do servidor não foi encontrado. Verifique o DNS.',
		connection_refused: 'O servidor não aceitou a conexão. Verifique se está no ar e se escuta nessa porta.',
		connection_failed: 'A conexão caiu antes de haver resposta.',
		tls_failed:
			'Não foi possível estabelecer uma conexão segura. Verifique o certificado: para quem é, quem o assinou e até quando vale.',
		timed_out: 'Nenhuma resposta veio em 15 segundos. Responda primeiro e faça o trabalho depois.',
		bad_answer: 'O que veio não era uma resposta HTTP.',
		redirected:
			'O servidor redirecionou. Redirecionamentos não são seguidos: informe o endereço ao qual ele leva.',
		gone: 'O servidor disse que o endereço não existe mais (410), então ele foi desativado.',
		http_error: 'O servidor não aceitou. Tudo que não seja um 2xx é tentado de novo.',
		internal: 'Algo deu errado aqui, não no seu servidor. É tentado de novo.',
	},
};
