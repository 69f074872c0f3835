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
export type { ActiveFault, Fault, FaultInput } from './faults/fault.ts';
export type { LinkedDevice, LinkedDevicesOptions } from './linked-devices/types.ts';
export { Refusal } from './network/refusal.ts';
export type { ContentInput } from './phone/content.ts';
export type { MessageReceipt, ReadMessage } from './phone/notebook.ts';
