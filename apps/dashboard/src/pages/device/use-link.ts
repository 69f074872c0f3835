import { contract } from '@chat-manager/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { ask } from '../../api/ask.ts';
import { type Device, deviceQuery } from './device-query.ts';

const { link, unlink } = contract.connectors.devices;

/** Begins to link; what comes back is the device's new state. */
export function useLink() {
	const show = useShowDevice();
	return useMutation({
		mutationFn: (input: z.input<typeof link.input>) => ask(link, input),
		onSuccess: show,
	});
}

/** Ends a link, or the attempt to make one. */
export function useUnlink() {
	const show = useShowDevice();
	return useMutation({ mutationFn: () => ask(unlink, {}), onSuccess: show });
}

function useShowDevice(): (device: Device) => Promise<void> {
	const queryClient = useQueryClient();
	return async (device) => {
		await queryClient.cancelQueries({ queryKey: deviceQuery.queryKey });
		queryClient.setQueryData(deviceQuery.queryKey, device);
	};
}
