import { maySeeProfile, setGroupPicture, setProfilePicture } from '../actions/pictures.ts';
import { isGroupJid, parseJid } from '../binary/jid.ts';
import { attr, bytes, child, node } from '../binary/node.ts';
import { accountOf } from '../network/accounts.ts';
import { groupFor } from '../network/groups.ts';
import { Refusal } from '../network/refusal.ts';
import type { Picture } from '../network/state.ts';
import type { IqHandler, IqRequest, IqTable } from './iq-handler.ts';

/** The pictures of people and groups. A client sets one by sending it, and removes one by sending nothing. */
const setPicture: IqHandler = ({ ctx, caller, iq }) => {
	const content = child(iq, 'picture');
	const jpeg = content && bytes(content);
	const { target = '' } = iq.attrs;
	let picture: Picture | undefined;
	if (isGroupJid(target)) {
		const group = groupFor(ctx.network, parseJid(target)?.user ?? '', caller.account);
		picture = setGroupPicture(ctx, group, caller.account, jpeg);
	} else {
		if (target !== '' && accountOf(ctx.network, target) !== caller.account) {
			throw new Refusal(401, 'Only the person can set their picture.');
		}
		picture = setProfilePicture(ctx, caller.account, jpeg);
	}
	return { content: picture ? [node('picture', { id: picture.id })] : [] };
};

export const pictureQueries: IqTable = {
	'w:profile:picture set picture': setPicture,
	'w:profile:picture set -': setPicture,
	'w:profile:picture get picture': (request) => {
		const picture = visiblePicture(request);
		if (!picture) throw new Refusal(404, 'There is no picture.');
		const path = `/pictures/${picture.id}`;
		const url = `https://${request.ctx.media.host()}${path}`;
		const type = request.request.attrs.type ?? 'preview';
		return { content: [node('picture', { id: picture.id, type, url, direct_path: path })] };
	},
};

function visiblePicture({ ctx, caller, iq }: IqRequest): Picture | undefined {
	const target = attr(iq, 'target');
	if (isGroupJid(target)) {
		return groupFor(ctx.network, parseJid(target)?.user ?? '', caller.account).picture;
	}
	const account = accountOf(ctx.network, target);
	if (!account) throw new Refusal(404, 'There is no such account.');
	if (!maySeeProfile(account, caller.account)) throw new Refusal(401, 'The picture is not for everyone.');
	return account.picture;
}
