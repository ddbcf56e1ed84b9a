// `npm start`: installs what is missing, builds the page and serves it.
import "./check-node.mjs";
import { spawn } from "node:child_process";
import util from "node:util";
import { buildCorpora } from "./corpora.mjs";
import { ensurePackages } from "./packages.mjs";
import { packageBin, root, runNode, say } from "./run.mjs";

function readPort() {
	try {
		const { port } = util.parseArgs({ options: { port: { type: "string", default: "5173" } } }).values;
		if (/^\d+$/.test(port) && +port > 0 && +port < 65536) return +port;
		say(`--port is "${port}"; it must be a whole number from 1 to 65535`);
	} catch {
		say("the only option is --port, as in: npm start -- --port 8080");
	}
	process.exit(2);
}

/** Opens the page on a desktop. The address is printed in any case. */
function openBrowser(url) {
	const desktop = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
	if (!process.stdout.isTTY || !desktop || process.env.CI) return;
	const openers = { darwin: ["open", url], win32: ["cmd", "/c", "start", "", url] };
	const [command, ...args] = openers[process.platform] ?? ["xdg-open", url];
	spawn(command, args, { stdio: "ignore", detached: true })
		.on("error", () => {})
		.unref();
}

async function serve(port) {
	const { preview } = await import("vite");
	try {
		return await preview({ root, preview: { port } });
	} catch (error) {
		if (!/already in use/.test(error.message)) throw error;
		say(`port ${port} is in use, perhaps by another npm start. Stop that, or run: npm start -- --port ${port + 1}`);
		process.exit(1);
	}
}

const port = readPort();
ensurePackages();
if (await buildCorpora(root)) say("corpora written to public/corpora");
say("building the page …");
if (runNode(packageBin("vite", "vite"), ["build", "--logLevel", "warn"])) {
	say("building the page failed; see the messages above");
	process.exit(1);
}
await serve(port);
const url = `http://localhost:${port}`;
say(`the lab is at ${url} (Ctrl-C stops it)`);
openBrowser(url);
