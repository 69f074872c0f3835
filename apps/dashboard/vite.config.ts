import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The gateway serves the result below `/app`, under a policy that allows no inline script, no inline style and no data font. */
export default defineConfig({
	base: '/app/',
	plugins: [react()],
	build: { target: 'es2023', assetsInlineLimit: 0, reportCompressedSize: false, emptyOutDir: true },
});
