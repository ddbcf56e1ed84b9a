// Finds the Chromium that runs the page in tests.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const ELSEWHERE = [
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium",
	"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Path of Chromium or Chrome: from the variable CHROMIUM, the PATH or the usual folders; undefined if not found. */
export function findChromium(env = process.env) {
	if (env.CHROMIUM) return env.CHROMIUM;
	const folders = [...(env.PATH ?? "").split(delimiter), "/usr/bin"];
	const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
	const inPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
	return [...inPath, ...ELSEWHERE].find((path) => existsSync(path));
}
