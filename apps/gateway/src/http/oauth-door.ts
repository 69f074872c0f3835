import { type Request, type Response, Router } from 'express';
import type { PublicUrl } from '../public-url.ts';

/**
 * There is no OAuth yet. Bridges such as mcp-remote look for it when a token is refused, and show what they find there: JSON
 * with a sentence that helps, in the words of OAuth (RFC 6749, 5.2; RFC 7591, 3.2.2).
 */
export function createOauthDoor({ tokenPage }: PublicUrl): Router {
	const router = Router();
	const description = `This server has no OAuth sign-in. Please create a personal access token at ${tokenPage} and send it as "Authorization: Bearer <token>".`;
	const answer = (status: number, error: string) => (_request: Request, response: Response) => {
		response.status(status).set('Cache-Control', 'no-store').json({ error, error_description: description });
	};
	router.all(['/.well-known/*rest', '/mcp/.well-known/*rest'], answer(404, 'not_found'));
	router.all(['/register', '/authorize', '/token', '/revoke'], answer(400, 'invalid_request'));
	return router;
}
