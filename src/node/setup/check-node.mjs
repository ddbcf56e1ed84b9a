// Imported first: on an old Node it prints one clear line instead of a syntax error elsewhere.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	console.error(`isoflop needs Node 20.19 or newer; this is Node ${process.versions.node}. See https://nodejs.org.`);
	process.exit(1);
}
