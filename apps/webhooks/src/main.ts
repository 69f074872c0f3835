import { run } from '@chat-manager/service';
import { createApp } from './app.ts';
import { config } from './config.ts';

await run({ name: 'webhooks', config, createApp });
