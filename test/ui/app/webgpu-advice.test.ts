import { describe, expect, it } from "vitest";
import { browserOf, type Visitor } from "../../../src/ui/app/visitor.ts";
import { webGpuAdvice } from "../../../src/ui/app/webgpu-advice.ts";

const WINDOWS = "Windows NT 10.0; Win64; x64";
const MAC = "Macintosh; Intel Mac OS X 10_15_7";
const LINUX = "X11; Linux x86_64";
const CHROMEOS = "X11; CrOS x86_64 14541.0.0";

const chrome = (system: string, version: number, more = "") =>
	`Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 ${more}Safari/537.36`;
const edge = (system: string, version: number) => `${chrome(system, version)} Edg/${version}.0.0.0`;
const firefox = (system: string, version: number) =>
	`Mozilla/5.0 (${system}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
const safari = (system: string, version: string, more = "") =>
	`Mozilla/5.0 (${system}) AppleWebKit/605.1.15 (KHTML, like Gecko) ${version}${more} Safari/605.1.15`;
const iPhone = "iPhone; CPU iPhone OS 18_6 like Mac OS X";

const brands = (name: string, version: number) => [
	{ brand: "Not)A;Brand", version: "8" },
	{ brand: "Chromium", version: String(version) },
	{ brand: name, version: String(version) },
];

const visit = (userAgent: string, more: Partial<Visitor> = {}): Visitor => ({ userAgent, ...more });

/** The advice as text, and the code in it. */
function advise(problem: "missing" | "no-adapter", visitor: Visitor) {
	const { browser, steps } = webGpuAdvice(problem, browserOf(visitor));
	const texts = steps.map((step) => step.map((part) => (typeof part === "string" ? part : part.code)).join(""));
	const code = steps.flatMap((step) => step.flatMap((part) => (typeof part === "string" ? [] : part.code)));
	return { browser, texts, code };
}

const UNSAFE =
	"--enable-unsafe-webgpu --ozone-platform=x11 --use-angle=vulkan --enable-features=Vulkan,VulkanFromANGLE";
const driver = /535\.183\.01/;

describe("without navigator.gpu, a browser is told its own case", () => {
	it.each<[string, Visitor, RegExp, RegExp?]>([
		[
			"Chrome 112 on Windows",
			visit(chrome(WINDOWS, 112)),
			/^Update Chrome: .* on Windows from version 113 on; this is version 112\.$/,
		],
		["Chrome 150 on Windows", visit(chrome(WINDOWS, 150)), /chrome:\/\/settings\/system/, /chrome:\/\/policy/],
		["Edge 111 on Windows", visit(edge(WINDOWS, 111)), /^Update Edge:/],
		[
			"Edge 150 on Windows",
			visit(edge(WINDOWS, 150)),
			/edge:\/\/settings/,
			/ARM processors, enable edge:\/\/flags\/#enable-unsafe-webgpu/,
		],
		["Chrome 100 on macOS", visit(chrome(MAC, 100)), /on macOS from version 113/],
		["Chrome 112 on ChromeOS", visit(chrome(CHROMEOS, 112)), /on ChromeOS from version 113/],
		[
			"Chrome 120 on Android",
			visit(chrome("Linux; Android 10; K", 120, "Mobile ")),
			/on Android from version 121/,
			/Android 12 or newer/,
		],
		[
			"Chrome 150 on Android",
			visit(chrome("Linux; Android 10; K", 150, "Mobile ")),
			/needs Android 12 or newer, and a GPU from ARM, Qualcomm or Intel/,
		],
		["Chrome 138 on Android", visit(chrome("Linux; Android 9; SM-G960F", 138, "Mobile ")), /this is Android 9\./],
		["Chrome 130 on Linux", visit(chrome(LINUX, 130)), /on Linux from version 144 on; this is version 130/, driver],
		[
			"Chrome 150 on Linux",
			visit(chrome(LINUX, 150)),
			/Intel graphics of generation 12 or newer, and from version 147 on NVIDIA/,
			/AMD and all other graphics/,
		],
		[
			"Firefox 140 on Windows",
			visit(firefox(WINDOWS, 140)),
			/^Update Firefox: .* from version 141 on; this is version 140/,
		],
		["Firefox 145 on Windows", visit(firefox(WINDOWS, 145)), /dom\.webgpu\.enabled to true/, /about:support/],
		[
			"Firefox 144 on macOS",
			visit(firefox("Macintosh; Intel Mac OS X 10.15", 144)),
			/from version 147 on; this is version 144/,
			/Intel processor/,
		],
		[
			"Firefox 145 on macOS",
			visit(firefox("Macintosh; Intel Mac OS X 10.15", 145)),
			/with macOS 26 only\. Update Firefox to version 147/,
		],
		[
			"Firefox 150 on macOS",
			visit(firefox("Macintosh; Intel Mac OS X 10.15", 150)),
			/Intel processor, Firefox has no WebGPU/,
			/dom\.webgpu\.enabled/,
		],
		["Firefox 150 on Linux", visit(firefox(LINUX, 150)), /behind a setting/, /dom\.webgpu\.enabled to true/],
		["Firefox 150 on Android", visit(firefox("Android 14; Mobile", 150)), /no WebGPU yet: use Chrome 121/],
		[
			"Safari 18 on macOS",
			visit(safari(MAC, "Version/18.6")),
			/from version 26 on, with macOS 26 Tahoe/,
			/use Chrome or Edge 113/,
		],
		["Safari 26 on macOS", visit(safari(MAC, "Version/26.0")), /On an older macOS, use Chrome/, /Lockdown Mode/],
		["Safari 18 on iOS", visit(safari(iPhone, "Version/18.6", " Mobile/15E148")), /^Update to iOS or iPadOS 26/],
		["Safari 26 on iOS", visit(safari(iPhone, "Version/26.1", " Mobile/15E148")), /^Lockdown Mode/],
		["Safari 18 on iOS", visit(safari(MAC, "Version/18.6"), { touchPoints: 5 }), /^Update to iOS or iPadOS 26/],
		[
			"Chrome on iOS",
			visit(safari(iPhone, "CriOS/150.0.0.0", " Mobile/15E148")),
			/^Update to iOS or iPadOS 26.* the system's WebGPU, Chrome too\.$/,
		],
		["Firefox on iOS", visit(safari(iPhone, "FxiOS/150.0", " Mobile/15E148")), /Firefox too\.$/],
		["This browser", visit("Lynx/2.9.2"), /Use a current Chrome/],
		[
			"Chrome 130 on Linux",
			visit(chrome(LINUX, 99), { brands: brands("Google Chrome", 130), platform: "Linux" }),
			/this is version 130/,
		],
		[
			"Brave (Chromium 130) on Linux",
			visit(chrome(LINUX, 130), { brands: brands("Brave", 130), platform: "Linux" }),
			/^Update Brave: .* from Chromium 144 on; this is Chromium 130/,
		],
		["Opera (Chromium 150) on Windows", visit(`${chrome(WINDOWS, 150)} OPR/125.0.0.0`), /opera:\/\/settings/],
		[
			"Edge 150 on Android",
			visit(chrome("Linux; Android 10; K", 150), { brands: brands("Microsoft Edge", 150), platform: "Android" }),
			/ARM, Qualcomm or Intel/,
		],
		[
			"Samsung Internet (Chromium 110) on Android",
			visit(chrome("Linux; Android 10; K", 110, "SamsungBrowser/23.0 ")),
			/from Chromium 121 on/,
		],
	])("%s", (name, visitor, first, second = first) => {
		const { browser, texts } = advise("missing", visitor);
		expect(browser).toBe(name);
		expect(texts[0]).toMatch(first);
		expect(texts.some((text) => second.test(text))).toBe(true);
		expect(texts.join(" ")).not.toMatch(/null|undefined|unknown|NaN/);
	});

	it("sends nobody with a current Chromium to an update", () => {
		for (const system of [WINDOWS, MAC, CHROMEOS, LINUX])
			expect(advise("missing", visit(chrome(system, 150))).texts.join(" ")).not.toContain("Update Chrome");
	});
});

describe("with navigator.gpu, and no adapter", () => {
	it.each<[string, Visitor, RegExp, string]>([
		["Chrome on Windows", visit(chrome(WINDOWS, 150)), /Use graphics acceleration when available/, "chrome://gpu"],
		["Edge on macOS", visit(edge(MAC, 150)), /Use graphics acceleration when available/, "edge://gpu"],
		["Chrome on Linux", visit(chrome(LINUX, 150)), /generation 12 or newer/, UNSAFE],
		["Firefox on Windows", visit(firefox(WINDOWS, 150)), /Use hardware acceleration when available/, "about:support"],
		["Firefox on Linux", visit(firefox(LINUX, 150)), /behind a setting/, "about:support"],
	])("%s: acceleration, and where the reason stands", (_, visitor, first, code) => {
		const advice = advise("no-adapter", visitor);
		expect(advice.texts[0]).toMatch(first);
		expect(advice.code).toContain(code);
	});

	it("differs from the advice where there is no navigator.gpu", () => {
		for (const visitor of [
			visit(chrome(WINDOWS, 150)),
			visit(firefox(WINDOWS, 150)),
			visit(safari(MAC, "Version/26.0")),
		])
			expect(advise("no-adapter", visitor).texts).not.toEqual(advise("missing", visitor).texts);
	});

	it("on Linux, acceleration and the blocklist are named too", () => {
		const { texts } = advise("no-adapter", visit(chrome(LINUX, 150)));
		expect(texts.join(" ")).toMatch(/Use graphics acceleration when available.*blocklist/);
	});
});
