// Imported first: on an unsupported Node it prints one clear line instead of an error elsewhere.
import { isSupported, SUPPORTED } from "./supported-node.mjs";

const { node } = process.versions;
if (!isSupported(node)) {
	console.error(`isoflop needs ${SUPPORTED}; this is Node ${node}. See https://nodejs.org.`);
	process.exit(1);
}
