import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const TYPES: Record<string, string> = {
	...{ ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json" },
	...{ ".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain", ".png": "image/png" },
	".webmanifest": "application/manifest+json",
};

/** A server as anybody may have one: it sends files below a path, and no headers but their type. */
export async function serveFolder(folder: string, path: string): Promise<{ url: string; close: () => Promise<void> }> {
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url!, "http://127.0.0.1");
		const file = pathname.startsWith(path) && join(folder, pathname.slice(path.length) || "index.html");
		if (!file || !existsSync(file)) return response.writeHead(404).end();
		response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
		createReadStream(file).pipe(response);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
