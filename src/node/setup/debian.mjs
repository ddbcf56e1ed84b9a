// As root on Debian, installs Chromium and a software Vulkan driver with apt. Elsewhere, says what to install.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { driverIsChosen, findAdapter, softwareManifest } from "./adapter.mjs";
import { findChromium } from "./browser.mjs";
import { capture, root, say } from "./run.mjs";

/** Dawn rejects lavapipe before Mesa 23. */
const OLDEST_MESA = 23;

/** Exists after lavapipe could not be installed, so that later `npm test`s do not try again. */
const LAVAPIPE_UNAVAILABLE = join(root, "node_modules/.isoflop-no-lavapipe");

/** Installs what the tests need. Never exits: if something is still missing, the tests report it. */
export function ensureSystem() {
	const needsChromium = !findChromium();
	const adapter = findAdapter();
	// SwiftShader works, but lavapipe is 3 to 4 times faster, so install it unless the user has chosen a driver.
	const wantsFaster = adapter?.name.startsWith("SwiftShader") && !driverIsChosen();
	const needsDriver = !adapter || (wantsFaster && !softwareManifest("lavapipe") && !existsSync(LAVAPIPE_UNAVAILABLE));
	if (!needsChromium && !needsDriver) return;
	const debian = readDebian();
	if (!debian || process.getuid?.() !== 0) return advise(needsChromium, !adapter, debian);
	say("updating apt's package lists …");
	apt("update");
	if (needsChromium) install("Chromium (about a minute)", ["chromium", "libvulkan1"]);
	if (needsDriver) installLavapipe(debian.codename);
}

function advise(needsChromium, needsDriver, debian) {
	const wanted = [needsChromium && "chromium", needsDriver && "mesa-vulkan-drivers"].filter(Boolean);
	if (!wanted.length) return;
	const how = debian ? `as root: apt-get install ${wanted.join(" ")}` : `install ${wanted.join(" and ")}`;
	say(
		`the tests need more packages; ${how} (Mesa ${OLDEST_MESA} or newer; Google Chrome also works). Continuing without.`,
	);
}

/** The release's code name, or undefined when this is not Debian. */
function readDebian() {
	if (!existsSync("/etc/os-release")) return;
	const release = readFileSync("/etc/os-release", "utf8");
	const field = (name) => release.match(new RegExp(`^${name}="?([^"\\n]*)"?$`, "m"))?.[1];
	return field("ID") === "debian" ? { codename: field("VERSION_CODENAME") } : undefined;
}

function apt(...args) {
	const options = ["-q", "-y", "-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=30"];
	const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
	const result = capture("apt-get", [...options, ...args], env);
	if (!result.ok) say(`apt-get ${args.join(" ")} failed:\n${(result.stderr || result.stdout).trimEnd()}`);
	return result.ok;
}

function install(what, packages, ...options) {
	say(`installing ${what} with apt-get …`);
	return apt("install", "--no-install-recommends", ...options, ...packages);
}

function installLavapipe(codename) {
	const what = "a software Vulkan driver (mesa-vulkan-drivers)";
	if (mesaCandidate() >= OLDEST_MESA) return install(what, ["mesa-vulkan-drivers"]);
	const backports = `${codename}-backports`;
	const added = aptKnows(backports) ? undefined : addBackports(codename);
	if ((!added || apt("update")) && install(`${what} from ${backports}`, ["mesa-vulkan-drivers"], "-t", backports))
		return;
	// An unreachable source would break every later apt-get update.
	if (added) rmSync(added);
	writeFileSync(LAVAPIPE_UNAVAILABLE, "");
	say("no recent Mesa is available; the tests use Chromium's SwiftShader instead, which is slower");
}

/** Major version of the Mesa that apt would install; 0 if there is none. */
function mesaCandidate() {
	const { stdout } = capture("apt-cache", ["policy", "mesa-vulkan-drivers"], { ...process.env, LC_ALL: "C" });
	return Number(stdout.match(/Candidate: (?:\d+:)?(\d+)/)?.[1] ?? 0);
}

function aptKnows(suite) {
	return capture("apt-cache", ["policy"], { ...process.env, LC_ALL: "C" }).stdout.includes(`a=${suite},`);
}

/**
 * Adds the backports of the Debian archive that apt already uses, with the same signature check.
 *
 * @returns path of the new source file, or undefined when apt's source was not recognized
 */
function addBackports(codename) {
	const folder = "/etc/apt/sources.list.d";
	const names = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
	for (const path of ["/etc/apt/sources.list", ...names].filter((path) => existsSync(path))) {
		const text = readFileSync(path, "utf8");
		const source = path.endsWith(".sources") ? backportsStanza(text, codename) : backportsLine(text, codename);
		if (!source) continue;
		const added = join(folder, `${codename}-backports.${path.endsWith(".sources") ? "sources" : "list"}`);
		writeFileSync(added, `${source}\n`);
		say(`added ${added}, the backports of this machine's Debian archive`);
		return added;
	}
	say(`no Debian source for ${codename} was found in /etc/apt`);
}

/** The stanza (deb822 format) of `codename` with its suite replaced, or undefined. */
export function backportsStanza(text, codename) {
	const stanzas = text.split(/\n\s*\n/);
	const suites = new RegExp(`^Suites:(?:.*\\s)?${codename}(?:\\s.*)?$`, "m");
	const stanza = stanzas.find((candidate) => /^Types:.*\bdeb\b/m.test(candidate) && suites.test(candidate));
	return stanza
		?.split("\n")
		.filter((line) => line.trim() && !line.startsWith("#"))
		.map((line) =>
			line.replace(/^Suites:.*/, `Suites: ${codename}-backports`).replace(/^Components:.*/, "Components: main"),
		)
		.join("\n");
}

/** The line (`deb [options] URI suite components`) of `codename` with its suite replaced, or undefined. */
export function backportsLine(text, codename) {
	const parts = text.match(new RegExp(`^deb\\s+((?:\\[[^\\]]*\\]\\s+)?\\S+)\\s+${codename}\\s`, "m"));
	return parts ? `deb ${parts[1]} ${codename}-backports main` : undefined;
}
