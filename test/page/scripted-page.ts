import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build, preview } from "vite";

const PAGE = "test/ui/scripted.html";

/** Builds and serves the page with a lab that trains nothing; see test/ui/scripted.ts for what it can be asked. */
export async function serveScriptedPage(): Promise<{ url: string; close: () => Promise<void> }> {
	const root = resolve(import.meta.dirname, "../..");
	const outDir = mkdtempSync(join(tmpdir(), "isoflop-scripted-"));
	const settings = { root, configFile: false, logLevel: "error", publicDir: false } as const;
	await build({
		...settings,
		build: { outDir, emptyOutDir: true, target: "es2023", rolldownOptions: { input: PAGE } },
	});
	const server = await preview({ ...settings, build: { outDir }, preview: { host: "127.0.0.1", port: 4273 } });
	return {
		url: `${server.resolvedUrls?.local[0]}${PAGE}`,
		async close() {
			await server.close();
			rmSync(outDir, { recursive: true });
		},
	};
}
