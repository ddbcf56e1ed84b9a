import type { Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

/** The page needs nothing but its own files: no other host, no evaluated code, no frames. */
const policies = [
	"default-src 'none'",
	"script-src 'self'",
	"worker-src 'self'",
	"style-src 'self' 'unsafe-inline'",
	"img-src 'self' data: blob:",
	"font-src 'self'",
	"connect-src 'self' data:",
	"manifest-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
];
/** Only a server can forbid frames. */
const contentSecurityPolicy = [...policies, "frame-ancestors 'none'"].join("; ");

/** The built page carries its policy itself, for servers that send none. */
const policyInPage: Plugin = {
	name: "policy-in-page",
	apply: "build",
	transformIndexHtml: () => [
		{
			tag: "meta",
			attrs: { "http-equiv": "Content-Security-Policy", content: policies.join("; ") },
			injectTo: "head-prepend",
		},
	],
};

/**
 * After the first visit the lab opens without a network. A new version is used once every tab of the old one is closed: none
 * is reloaded while it trains.
 */
const offline = VitePWA({
	registerType: "prompt",
	injectRegister: null,
	manifest: {
		...{ name: "isoflop", short_name: "isoflop", display: "standalone", start_url: "./", scope: "./" },
		description: "A scaling-law lab: tiny transformers train on your own GPU.",
		...{ background_color: "#ffffff", theme_color: "#ffffff" },
		icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml" }],
	},
	workbox: {
		// The page's code, fonts and tokenizers; texts are kept once they have been read.
		globPatterns: ["**/*.{html,js,css,svg,woff2,json}"],
		maximumFileSizeToCacheInBytes: 8e6,
		runtimeCaching: [
			{ urlPattern: /\/corpora\/.*\.txt$/, handler: "CacheFirst", options: { cacheName: "isoflop-corpora" } },
		],
	},
});

// 127.0.0.1, and not whichever address "localhost" comes to: then a second server on the port is always noticed.
const server = { host: "127.0.0.1", port: 5173, strictPort: true };

/** Tests in these folders compute on a GPU. */
const gpuTests = ["gpu", "kernels", "model", "train", "lab", "bench"].map((folder) => `test/${folder}/**/*.test.ts`);
const pageTests = ["test/page/**/*.test.ts"];
/** Tests in this folder need tables that other people released, which are not in the repository. */
const publishedTests = ["test/published/**/*.test.ts"];

/** For busy and slow machines; a test that hangs still ends. */
const timeouts = { testTimeout: 120_000, hookTimeout: 600_000 };

/** One file after another: they share one port, and on software adapters the machine's processors. */
const alone = { fileParallelism: false, ...timeouts, expect: { poll: { timeout: 60_000 } } };

/**
 * Software adapters take up to half a minute for a kernel that they have not compiled before, on one processor: two files
 * at a time make use of a second one.
 */
const compiling = { ...timeouts, testTimeout: 600_000, maxWorkers: 2 };

export default defineConfig(({ isSsrBuild }) => ({
	// One page; an address without a file is an error, not the page again.
	appType: "mpa",
	// Every address is relative: the page also runs in a folder of a server.
	base: "./",
	server,
	preview: {
		...server,
		headers: { "Content-Security-Policy": contentSecurityPolicy, "X-Content-Type-Options": "nosniff" },
	},
	worker: { format: "es" },
	plugins: isSsrBuild ? [] : [policyInPage, offline],
	// The command line (`--ssr src/node/main.ts`) is for Node; everything else that is built is the page.
	build: {
		target: isSsrBuild ? "node20" : "es2023",
		outDir: isSsrBuild ? "dist/node" : "dist/page",
		copyPublicDir: !isSsrBuild,
		assetsInlineLimit: 0,
		chunkSizeWarningLimit: 4096,
		rolldownOptions: { checks: { pluginTimings: false } },
	},
	ssr: { noExternal: ["webgpu-utils"] },
	test: {
		pool: "forks",
		projects: [
			{
				extends: true,
				test: {
					name: "unit",
					include: ["test/**/*.test.ts"],
					exclude: [...gpuTests, ...pageTests, ...publishedTests],
					...timeouts,
					// By default Vitest leaves one processor idle, which is half of a small machine.
					maxWorkers: "100%",
				},
			},
			{
				extends: true,
				test: {
					name: "published",
					include: publishedTests,
					globalSetup: "test/published/setup.ts",
					setupFiles: "test/published/skip-without-tables.ts",
					...timeouts,
				},
			},
			{ extends: true, test: { name: "gpu", include: gpuTests, globalSetup: "test/setup.ts", ...compiling } },
			{ extends: true, test: { name: "page", include: pageTests, globalSetup: "test/page/setup.ts", ...alone } },
		],
	},
}));
