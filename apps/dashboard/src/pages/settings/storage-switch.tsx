import { Switch } from '@base-ui/react/switch';
import { contract } from '@chat-manager/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { ask, query } from '../../api/ask.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useNotice } from '../../parts/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { settingsWords } from '../../words/settings.ts';

const { get, update } = contract.storage.settings;
const settingsQuery = query(get, {});

/** Whether messages are stored, and what that means. */
export function StorageSwitch() {
	const words = useWords(settingsWords);
	const notice = useNotice();
	const id = useId();
	const queryClient = useQueryClient();
	const { data: settings, error } = useQuery(settingsQuery);
	const changing = useMutation({
		mutationFn: (storeMessages: boolean) => ask(update, { storeMessages }),
		onSuccess(answer) {
			queryClient.setQueryData(settingsQuery.queryKey, answer);
			notice.done(answer.storeMessages ? words.storageIsOn : words.storageIsOff);
		},
	});
	if (settings === undefined) return error === null ? <Loading lines={1} /> : <ErrorNote error={error} />;
	return (
		<>
			<ErrorNote error={changing.error} />
			<div className="switch-row">
				<div>
					<p id={`${id}-label`}>{words.storageOn}</p>
					<p className="hint" id={`${id}-hint`}>
						{words.storageHint}
					</p>
				</div>
				<Switch.Root
					className="switch"
					aria-labelledby={`${id}-label`}
					aria-describedby={`${id}-hint`}
					checked={changing.isPending ? changing.variables : settings.storeMessages}
					disabled={changing.isPending}
					onCheckedChange={(isOn) => changing.mutate(isOn)}
				>
					<Switch.Thumb className="switch-thumb" />
				</Switch.Root>
			</div>
		</>
	);
}
