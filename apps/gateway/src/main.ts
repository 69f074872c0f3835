import { run } from '@chat-manager/service';
import { createApp } from './app.ts';
import { config, stopTimeoutMs } from './config.ts';

await run({ name: 'gateway', config, stopTimeoutMs, createApp });
