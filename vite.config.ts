import { defineConfig } from "vitest/config";

/** The page needs nothing but its own files: no other host, no evaluated code, no frames. */
const contentSecurityPolicy = [
	"default-src 'none'",
	"script-src 'self'",
	"worker-src 'self'",
	"style-src 'self' 'unsafe-inline'",
	"img-src 'self' data: blob:",
	"font-src 'self'",
	"connect-src 'self' data:",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join("; ");

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
	server,
	preview: {
		...server,
		headers: { "Content-Security-Policy": contentSecurityPolicy, "X-Content-Type-Options": "nosniff" },
	},
	worker: { format: "es" },
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
