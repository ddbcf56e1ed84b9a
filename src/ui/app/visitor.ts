/** What a browser says of itself. */
export interface Visitor {
	userAgent: string;
	/** `navigator.userAgentData`, where there is one. */
	brands?: readonly { brand: string; version: string }[];
	platform?: string;
	/** `navigator.maxTouchPoints`: an iPad says that it is a Mac. */
	touchPoints?: number;
}

export type Engine = "chromium" | "firefox" | "safari" | "unknown";
export type System = "Windows" | "macOS" | "ChromeOS" | "Android" | "iOS" | "Linux" | "";

/** The visitor's browser, as far as it can be told. */
export interface Browser {
	/** "Edge"; "This browser" if it is unknown. */
	name: string;
	engine: Engine;
	/** Of the engine's own browser: of Chrome, Firefox or Safari. Null if unknown. */
	version: number | null;
	/** Empty if unknown. */
	system: System;
	/** Major version of Android; null elsewhere, and where the browser does not say. */
	android: number | null;
}

const SYSTEMS: readonly [RegExp, System][] = [
	[/android/i, "Android"],
	[/iPhone|iPad|iPod/, "iOS"],
	[/CrOS|Chrom\w* OS/, "ChromeOS"],
	[/Windows/, "Windows"],
	[/Macintosh|macOS/, "macOS"],
	[/Linux|X11/, "Linux"],
];

/** Names of browsers that are built on Chromium, by what marks them. */
const CHROMIUMS: readonly [RegExp, string][] = [
	[/Edg(A|iOS)?\/|Microsoft Edge/, "Edge"],
	[/OPR\/|Opera/, "Opera"],
	[/SamsungBrowser|Samsung Internet/, "Samsung Internet"],
	[/Vivaldi/, "Vivaldi"],
	[/Brave/, "Brave"],
	[/Google Chrome|Chrome\//, "Chrome"],
];

/** Which browser this is, on which system. */
export function browserOf({ userAgent, brands, platform, touchPoints = 0 }: Visitor): Browser {
	const said = SYSTEMS.find(([mark]) => mark.test(platform ?? userAgent))?.[1] ?? "";
	const system = said === "macOS" && touchPoints > 1 ? "iOS" : said;
	const number = (pattern: RegExp) => {
		const found = pattern.exec(userAgent)?.[1];
		return found === undefined ? null : Number(found);
	};
	// Chrome says 10 for every version.
	const android = system === "Android" && !brands && !/Android 10;/.test(userAgent) ? number(/Android (\d+)/) : null;
	const of = (name: string, engine: Engine, version: number | null): Browser => ({
		name,
		engine,
		version,
		system,
		android,
	});
	// There, every browser is Safari underneath.
	if (system === "iOS") return of(iosName(userAgent), "safari", number(/Version\/(\d+)/));
	if (/Firefox\//.test(userAgent)) return of("Firefox", "firefox", number(/Firefox\/(\d+)/));
	const chromium = brands?.find(({ brand }) => brand === "Chromium");
	if (chromium || /Chrom(e|ium)\//.test(userAgent)) {
		const marks = `${(brands ?? []).map(({ brand }) => brand).join(", ")} ${userAgent}`;
		const name = CHROMIUMS.find(([mark]) => mark.test(marks))?.[1] ?? "Chromium";
		return of(name, "chromium", chromium ? Number(chromium.version) : number(/Chrom(?:e|ium)\/(\d+)/));
	}
	if (/Safari\//.test(userAgent) && system === "macOS") return of("Safari", "safari", number(/Version\/(\d+)/));
	return of("This browser", "unknown", null);
}

function iosName(userAgent: string): string {
	if (/CriOS\//.test(userAgent)) return "Chrome";
	if (/FxiOS\//.test(userAgent)) return "Firefox";
	return /EdgiOS\//.test(userAgent) ? "Edge" : "Safari";
}
