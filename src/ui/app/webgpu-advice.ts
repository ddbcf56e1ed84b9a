import type { WebGpuProblem } from "../state/lab.ts";
import type { Browser } from "./visitor.ts";

/** What to do, in words; `code` is to be typed or opened as it is. */
export type Step = readonly (string | { code: string })[];

/** What the visitor can do about it, most promising first. */
export interface Advice {
	/** "Chrome 130 on Linux". */
	browser: string;
	steps: readonly Step[];
}

/*
 * Which browsers have WebGPU, as of November 2026, by the working group's page of implementations
 * (https://github.com/gpuweb/gpuweb/wiki/Implementation-Status) and MDN's browser-compat-data.
 */
const CHROMIUM = { desktop: 113, android: 121, imagination: 139, linuxIntel: 144, linuxNvidia: 147 } as const;
const FIREFOX = { windows: 141, macTahoe: 145, mac: 147 } as const;
const SAFARI = 26;

/** What Chromium must be started with on Linux where it does not offer WebGPU by itself. */
const LINUX_FLAGS =
	"--enable-unsafe-webgpu --ozone-platform=x11 --use-angle=vulkan --enable-features=Vulkan,VulkanFromANGLE";

function step(texts: TemplateStringsArray, ...values: (string | number | null | { code: string })[]): Step {
	return texts.flatMap((text, i) => {
		const value = values[i] ?? "";
		return [text, typeof value === "object" ? value : String(value)];
	});
}

const code = (text: string) => ({ code: text });

/** What a visitor can do who has no WebGPU in a page that is served securely. */
export function webGpuAdvice(problem: Exclude<WebGpuProblem, "insecure">, browser: Browser): Advice {
	const { name, version, system } = browser;
	const which = version === null ? "" : isDerived(browser) ? ` (Chromium ${version})` : ` ${version}`;
	return { browser: `${name}${which}${system && ` on ${system}`}`, steps: stepsFor(browser, problem === "missing") };
}

/** Whether a browser is Chromium under another name, with versions of its own. */
function isDerived({ engine, name }: Browser): boolean {
	return engine === "chromium" && !["Chrome", "Edge", "Chromium"].includes(name);
}

const versionOf = (browser: Browser, version: number | null) =>
	`${isDerived(browser) ? "Chromium" : "version"} ${version ?? "unknown"}`;

function stepsFor(browser: Browser, isMissing: boolean): readonly Step[] {
	if (browser.engine === "chromium") return chromiumSteps(browser, isMissing);
	if (browser.engine === "firefox") return firefoxSteps(browser, isMissing);
	if (browser.engine === "safari") return safariSteps(browser, isMissing);
	return [step`Use a current Chrome, Edge, Safari or Firefox; those that have WebGPU are below.`];
}

function chromiumSteps(browser: Browser, isMissing: boolean): readonly Step[] {
	const { name, system, version, android } = browser;
	const needed = system === "Android" ? CHROMIUM.android : system === "Linux" ? CHROMIUM.linuxIntel : CHROMIUM.desktop;
	const update = version !== null && version < needed ? [updateStep(browser, needed)] : [];
	if (system === "Android") {
		const old = android !== null && android < 12;
		return [
			...update,
			old
				? step`WebGPU needs Android 12 or newer; this is Android ${android}. Use a computer, or a newer phone.`
				: step`WebGPU needs Android 12 or newer, and a GPU from ARM, Qualcomm or Intel; one from Imagination needs Android 16 and ${versionOf(browser, CHROMIUM.imagination)}.`,
		];
	}
	const scheme = name === "Edge" ? "edge" : name === "Brave" ? "brave" : name === "Opera" ? "opera" : "chrome";
	const status = step`Open ${code(`${scheme}://gpu`)}: it says whether WebGPU is disabled, and why. A driver on its blocklist wants an update.`;
	if (system === "Linux")
		return [
			...update,
			step`It has WebGPU by itself on Intel graphics of generation 12 or newer, and from ${versionOf(browser, CHROMIUM.linuxNvidia)} on NVIDIA graphics with driver 535.183.01 or newer.`,
			step`On AMD and all other graphics, start it with ${code(LINUX_FLAGS)}.`,
			accelerationStep(scheme),
			status,
		];
	if (update.length > 0) return update;
	const arm =
		system === "Windows"
			? [step`On Windows for ARM processors, enable ${code(`${scheme}://flags/#enable-unsafe-webgpu`)}.`]
			: [];
	const policy = step`If nothing helps, an administrator may have switched it off: ${code(`${scheme}://policy`)} lists such rules.`;
	return [accelerationStep(scheme), status, ...arm, ...(isMissing ? [policy] : [driverStep()])];
}

function firefoxSteps(browser: Browser, isMissing: boolean): readonly Step[] {
	const { system, version } = browser;
	const isOld = (needed: number) => version !== null && version < needed;
	const preference = step`Open ${code("about:config")} and set ${code("dom.webgpu.enabled")} to ${code("true")}, then restart Firefox.`;
	const support = step`Open ${code("about:support")}: under Graphics it says whether WebGPU is available, and why not. A blocklisted driver wants an update.`;
	const acceleration = step`In Firefox's settings, under General, Performance, “Use hardware acceleration when available” must be on.`;
	if (system === "Windows") {
		if (isOld(FIREFOX.windows)) return [updateStep(browser, FIREFOX.windows)];
		return [...(isMissing ? [preference] : [acceleration, driverStep()]), support];
	}
	if (system === "macOS") {
		const intel = step`On a Mac with an Intel processor, Firefox has no WebGPU: use Chrome or Edge, or Safari ${SAFARI} on macOS 26.`;
		if (isOld(FIREFOX.macTahoe)) return [updateStep(browser, FIREFOX.mac), intel];
		if (isOld(FIREFOX.mac))
			return [
				step`On Apple silicon, Firefox ${version} has WebGPU with macOS 26 only. Update Firefox to version ${FIREFOX.mac} or newer, or update macOS.`,
				intel,
			];
		return [intel, isMissing ? preference : acceleration, support];
	}
	if (system === "Linux")
		return [
			step`On Linux, Firefox has WebGPU behind a setting.`,
			preference,
			support,
			step`Or use Chrome ${CHROMIUM.linuxIntel} or newer on Intel graphics of generation 12 or newer, ${CHROMIUM.linuxNvidia} or newer on NVIDIA graphics with driver 535.183.01 or newer.`,
		];
	if (system === "Android")
		return [
			step`On Android, Firefox has no WebGPU yet: use Chrome ${CHROMIUM.android} or newer on Android 12 or newer.`,
		];
	return [preference, support];
}

function safariSteps({ name, system, version }: Browser, isMissing: boolean): readonly Step[] {
	const lockdown = step`Lockdown Mode switches WebGPU off; it can be left for a single website.`;
	if (system === "iOS") {
		const update = step`Update to iOS or iPadOS ${SAFARI}, in Settings, General, Software Update. Every browser there uses the system's WebGPU${name === "Safari" ? "" : `, ${name} too`}.`;
		return version !== null && version >= SAFARI ? [lockdown, restartStep(name)] : [update, lockdown];
	}
	if (version !== null && version < SAFARI)
		return [
			step`Safari has WebGPU from version ${SAFARI} on, with macOS 26 Tahoe: update macOS in System Settings, General, Software Update.`,
			step`Or use Chrome or Edge ${CHROMIUM.desktop} or newer, which need no new macOS.`,
		];
	const old = step`Safari ${SAFARI} has WebGPU with macOS 26 Tahoe. On an older macOS, use Chrome or Edge.`;
	return isMissing ? [old, lockdown] : [restartStep(name), lockdown];
}

function updateStep(browser: Browser, needed: number): Step {
	const { name, version, system } = browser;
	return step`Update ${name}: it has WebGPU on ${system || "this system"} from ${versionOf(browser, needed)} on; this is ${versionOf(browser, version)}.`;
}

function accelerationStep(scheme: string): Step {
	return step`In the settings under System (${code(`${scheme}://settings/system`)}), “Use graphics acceleration when available” must be on.`;
}

function driverStep(): Step {
	return step`Update the driver of the graphics card. In a virtual machine or a remote desktop there may be no GPU to use.`;
}

function restartStep(name: string): Step {
	return step`Quit ${name} and open the page again; in a virtual machine there may be no GPU to use.`;
}
