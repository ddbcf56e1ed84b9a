#!/usr/bin/env node
// `npx isoflop`: runs the command line, building it first if its sources have changed.
import "./setup/check-node.mjs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { adapterVariables } from "./setup/adapter.mjs";
import { buildCommandLine, commandLine, commandLineIsFresh } from "./setup/command-line.mjs";
import { root } from "./setup/run.mjs";

function fail(message) {
	console.error(`isoflop: ${message}`);
	process.exit(1);
}

if (!commandLineIsFresh()) {
	if (!existsSync(join(root, "node_modules/vite"))) fail(`the npm packages are not installed; run npm ci in ${root}`);
	if (!buildCommandLine()) fail("building the command line failed; see the messages above");
}
try {
	Object.assign(process.env, adapterVariables());
} catch (error) {
	fail(error.message);
}
await import(pathToFileURL(commandLine).href);
