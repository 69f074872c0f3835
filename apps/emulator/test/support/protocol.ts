import type { AnyMessageContent, MiscMessageGenerationOptions, WAMessage } from '@whiskeysockets/baileys';

/** What the test and the process with its Baileys clients say to each other. */
export type OpenOptions = {
	readonly url: string;
	readonly authPath?: string;
	readonly pushName?: string;
	/** Kill the process, as `kill -9` does, when a message arrives, before it is decrypted and acknowledged. */
	readonly dieOnMessage?: boolean;
	/** Come back after a 515, as a product would. */
	readonly restart?: boolean;
	/** Use a Noise key of its own instead of the one it was linked with. */
	readonly wrongNoiseKey?: boolean;
	/** Settings of the Baileys socket that are plain data. */
	readonly settings?: Settings;
};

export type Settings = {
	readonly defaultQueryTimeoutMs?: number;
	readonly connectTimeoutMs?: number;
	readonly keepAliveIntervalMs?: number;
	readonly qrTimeout?: number;
	readonly markOnlineOnConnect?: boolean;
};

export type Command =
	| { readonly op: 'open'; readonly name: string; readonly options: OpenOptions }
	| { readonly op: 'call'; readonly name: string; readonly method: string; readonly args: readonly unknown[] }
	| {
			readonly op: 'sendMessage';
			readonly name: string;
			readonly to: string;
			readonly content: AnyMessageContent;
			readonly options?: MiscMessageGenerationOptions;
	  }
	| { readonly op: 'download'; readonly name: string; readonly message: WAMessage }
	| { readonly op: 'forget'; readonly name: string; readonly type: string }
	| { readonly op: 'me'; readonly name: string }
	| { readonly op: 'end'; readonly name: string };

export type Request = { readonly seq: number; readonly command: Command };
export type Reply =
	| { readonly seq: number; readonly result: unknown }
	| { readonly seq: number; readonly error: { readonly message: string; readonly code: unknown } }
	| { readonly name: string; readonly event: string; readonly data: unknown };
