/** What a typed number counts. */
export type Dimension = "flops" | "parameters" | "tokens" | "count";

/** The numbers that are allowed, ends included. */
export interface Bounds {
	readonly min: number;
	readonly max: number;
}

/** What was understood, or in one sentence why nothing was. */
export type Reading = { readonly value: number } | { readonly problem: string };

/** Factors before a unit, by their letter or word; no one means milli by 70m parameters. */
const PREFIXES: readonly (readonly [names: readonly string[], factor: number])[] = [
	[["k", "kilo", "thousand"], 1e3],
	[["m", "mega", "million", "millions"], 1e6],
	[["b", "bn", "g", "giga", "billion", "billions"], 1e9],
	[["t", "tera", "trillion", "trillions"], 1e12],
	[["p", "peta", "quadrillion"], 1e15],
	[["e", "exa"], 1e18],
	[["z", "zetta"], 1e21],
	[["y", "yotta"], 1e24],
];

/** Names of units, in lower case and without spaces. */
const UNITS: Record<Dimension, { readonly names: readonly string[]; readonly said: string; readonly example: string }> =
	{
		flops: {
			names: ["flop", "flops"],
			said: "compute is in FLOP or PF-days, as in 5.88e23, 3 EFLOP or 10 PF-days",
			example: "5.88e23",
		},
		parameters: {
			names: ["parameter", "parameters", "param", "params"],
			said: "a size is in parameters, as in 70M or 7B",
			example: "7B",
		},
		tokens: { names: ["token", "tokens"], said: "text is in tokens, as in 300k or 1.4T tokens", example: "1.4T" },
		count: { names: [], said: "this is a plain number, as in 512 or 50k", example: "512" },
	};

const SECONDS: Record<string, number> = { s: 1, second: 1, h: 3600, hour: 3600, d: 86_400, day: 86_400 };

/** PF-days, PFLOP/s-days, petaflop/s·days and the same with hours or seconds, behind a prefix. */
const SPEED_TIMES_TIME = /^(?:f|flops?|flops?\/s|flops?persecond)[-·*]?(s|seconds?|h|hours?|d|days?)$/;
const SPEED = /^(?:f|flops?)\/s(?:ec)?$/;

/** 5.88e23, 5.88·10^23, 5.88 × 10²³, 1,000,000; the rest is the unit. */
const NUMBER =
	/^([+-]?(?:\d[\d,]*(?:\.\d*)?|\.\d+))(?:e([+-]?\d+)|\s*[·×x*]\s*10(?:\^([+-]?\d+)|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)))?\s*(.*)$/is;
const GROUPED = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

const MOST_SHOWN = 40;

/**
 * Reads a number with its unit: "1e21", "5.88e23", "3 EFLOP", "10 PF-days", "7B", "70 M", "1.4T tokens", "300k". Capitals make no
 * difference, B and G are both 10^9, and E after a number is exa unless digits follow it.
 *
 * @param whole whether only whole numbers are allowed
 */
export function readQuantity(text: string, dimension: Dimension, { min, max }: Bounds, whole = false): Reading {
	const trimmed = text.trim().replaceAll("−", "-");
	const { said, example } = UNITS[dimension];
	if (trimmed === "") return { problem: `The field is empty; ${said}.` };
	const shown = `“${trimmed.length > MOST_SHOWN ? `${trimmed.slice(0, MOST_SHOWN)}…` : trimmed}”`;
	const found = NUMBER.exec(trimmed);
	if (!found) return { problem: `${shown} does not begin with a number; ${said}.` };
	const [, digits = "", exponent, power, raised, unit = ""] = found;
	if (digits.includes(",") && !GROUPED.test(digits))
		return { problem: `${shown} has a comma that groups no thousands; decimals follow a point, as in 1.5.` };
	const factor = factorOf(unit, dimension);
	if (typeof factor === "string") return { problem: `${shown} ${factor}; ${said}.` };
	const ten = exponent ?? power ?? (raised === undefined ? "0" : fromSuperscript(raised));
	const value = Number(`${digits.replaceAll(",", "")}e${ten}`) * factor;
	if (!(value >= min && value <= max))
		return { problem: `${shown} is out of bounds; it must be from ${short(min)} to ${short(max)}, as ${example} is.` };
	if (whole && !Number.isInteger(value))
		return { problem: `${shown} is no whole number; it must be one, as ${example} is.` };
	return { value };
}

/** What a unit multiplies the number by, or what is wrong with it. */
function factorOf(unit: string, dimension: Dimension): number | string {
	const name = unit.toLowerCase().replaceAll(/[\s.]+/g, "");
	const own = unitFactor(name, dimension);
	if (own !== null) return own;
	const other = (["flops", "parameters", "tokens"] as const).find((each) => unitFactor(name, each) !== null);
	if (other) return `is an amount of ${other === "flops" ? "compute" : other}`;
	if (withPrefix(name, (rest) => (SPEED.test(rest) ? 1 : null)) !== null)
		return "is a speed, and an amount of compute is a speed times a time";
	return `has a unit that is not known here, “${unit.trim().slice(0, MOST_SHOWN)}”`;
}

function unitFactor(name: string, dimension: Dimension): number | null {
	return withPrefix(name, (rest) => {
		if (rest === "" || UNITS[dimension].names.includes(rest)) return 1;
		const time = dimension === "flops" ? SPEED_TIMES_TIME.exec(rest)?.[1] : undefined;
		return time === undefined ? null : SECONDS[time.length > 1 ? time.replace(/s$/, "") : time]!;
	});
}

/** The factor of a unit behind any prefix or none, the first reading that makes sense. */
function withPrefix(name: string, rest: (unit: string) => number | null): number | null {
	const plain = rest(name);
	if (plain !== null) return plain;
	for (const [names, factor] of PREFIXES)
		for (const prefix of names) {
			const inner = name.startsWith(prefix) ? rest(name.slice(prefix.length)) : null;
			if (inner !== null) return factor * inner;
		}
	return null;
}

function fromSuperscript(text: string): string {
	return [...text]
		.map((character) => (character === "⁻" ? "-" : character === "⁺" ? "" : SUPERSCRIPTS.indexOf(character)))
		.join("");
}

function short(value: number): string {
	return value >= 1e6 ? value.toExponential().replace("e+", "e") : String(value);
}

const SUFFIXES = [
	[1e12, "T"],
	[1e9, "B"],
	[1e6, "M"],
	[1e3, "k"],
] as const;
/** The longest number that is written with a suffix. */
const MOST_DIGITS = 6;

/** How a field begins: text that `readQuantity` reads as exactly this number. */
export function quantityText(value: number, dimension: Dimension): string {
	const plain = String(value).replace("e+", "e");
	if (dimension === "count") return plain;
	if (dimension === "flops" || value >= 1e15) return value >= 1e6 ? value.toExponential().replace("e+", "e") : plain;
	for (const [factor, suffix] of SUFFIXES) {
		if (value < factor) continue;
		const mantissa = String(Number((value / factor).toPrecision(MOST_DIGITS)));
		return Number(`${mantissa}e0`) * factor === value ? `${mantissa}${suffix}` : plain;
	}
	return plain;
}
