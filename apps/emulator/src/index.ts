import './crypto/libsignal-patch.ts';

export type {
	AccountInfo,
	AccountsApi,
	Api,
	DeviceInfo,
	DevicesApi,
	GroupInfo,
	GroupsApi,
	Linked,
	Outcome,
	PhonesApi,
	QueuedInfo,
} from './api/types.ts';
export { createEmulator, type Emulator, type EmulatorOptions } from './emulator.ts';
export { Refusal } from './network/refusal.ts';
export type { MessageReceipt, ReadMessage } from './phone/notebook.ts';
