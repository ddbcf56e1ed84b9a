import { DEFAULT_FIT_OPTIONS as DEFAULTS, type FitPointsOptions } from "../../analysis/fit-points.ts";
import { LOSSES } from "../../analysis/fitting/fit.ts";
import { RATE_RULES, type RateRule } from "../../analysis/method1/choose-rates.ts";
import { HULL_EDGES, HULL_POINTS } from "../../analysis/method1/hull.ts";
import { METHOD_IDS, type MethodId } from "../../analysis/methods/registry.ts";
import type { Base } from "../../analysis/parametric-laws/data-constrained-fit.ts";
import { COLUMNS, type Column } from "../../analysis/points/column-names.ts";
import { type Condition, parseCondition } from "../../analysis/points/conditions.ts";
import { type Conventions, FLOPS_RULES } from "../../analysis/points/conventions.ts";
import { CURVE_POINTS, type CurvePoints } from "../../analysis/points/law-points.ts";
import { readNumber } from "../../analysis/points/read-number.ts";
import { COUNTS } from "../../architecture/counting.ts";
import { parseSpecification } from "../../theory/specifications.ts";
import { UsageError } from "../printing/terminal.ts";

/** The options of `isoflop fit` as typed. */
export interface FitArguments {
	method?: string;
	count?: string;
	flops?: string;
	loss?: string;
	delta?: string;
	resamples?: string;
	seed?: string;
	interval?: string;
	noise?: string;
	vocabulary?: string;
	where?: string;
	map?: string;
	units?: string;
	lossColumn?: string;
	tolerance?: string;
	range?: string;
	dropHighest?: string;
	at?: string;
	rates?: string;
	curvePoints?: string;
	base?: string;
	hullPoints?: string;
	hullEdges?: string;
	/** Folder for the figures as SVG. */
	plot?: string;
	/** File for the exponents and parameters as CSV. */
	csv?: string;
	json?: boolean;
}

/** What they mean. */
export interface FitSettings extends FitPointsOptions {
	/** Unset what the file decides. */
	conventions: Partial<Conventions>;
	/** What rows must have. */
	where: Condition[];
	/** Columns by names of the file's own, or numbers for every row. */
	map: Partial<Record<Column, string>>;
	/** What the numbers of columns are multiplied by. */
	units: Partial<Record<Column, number>>;
	/** Points share a budget of compute within this share. */
	tolerance: number;
	/** Only points within this range of compute count, FLOP; null for all. */
	range: readonly [from: number, to: number] | null;
	/** So many of the highest losses are left out. */
	dropHighest: number;
	/** Which learning rates of a size count. */
	rates: RateRule;
	/** Which points of a training curve the laws of N and D are fitted to. */
	curvePoints: CurvePoints;
	/** Whether anything was asked for that the study's own table does not show. */
	wantsPoints: boolean;
}

/** Reads the options; throws UsageError naming the option, what it is and the rule. */
export function fitSettings(given: FitArguments): FitSettings {
	const count = oneOf({ ...given, count: given.count?.replace(/^non-embedding/, "nonembedding") }, "count", COUNTS);
	const flops = oneOf(given, "flops", FLOPS_RULES);
	const points = [
		...(["method", "count", "flops", "loss", "delta", "noise", "vocabulary", "at"] as const),
		...(["curvePoints", "base", "hullPoints", "hullEdges", "tolerance", "range"] as const),
	];
	return {
		methods: methodsOf(given.method),
		conventions: { ...(count && { count }), ...(flops && { flops }) },
		loss: oneOf(given, "loss", LOSSES) ?? DEFAULTS.loss,
		delta: number(given, "delta", DEFAULTS.delta, (x) => x > 0 && x <= 1e3, "a number above 0 and at most 1000"),
		resamples: number(given, "resamples", DEFAULTS.resamples, whole(0, 1e6), "a whole number from 0 to 1,000,000"),
		seed: number(given, "seed", DEFAULTS.seed, whole(0, 2 ** 32 - 1), "a whole number from 0 to 4,294,967,295"),
		interval: number(given, "interval", DEFAULTS.interval, (x) => x > 0 && x < 1, "a number between 0 and 1"),
		noise:
			given.noise === undefined
				? DEFAULTS.noise
				: number(given, "noise", 0, (x) => x > 0 && x <= 1, "a number above 0 and at most 1, in nats per token"),
		hull: {
			points: oneOf(given, "hullPoints", HULL_POINTS) ?? "raw",
			edges: oneOf(given, "hullEdges", HULL_EDGES) ?? "drop",
		},
		vocabulary: number(
			given,
			"vocabulary",
			DEFAULTS.vocabulary,
			whole(2, 1e9),
			"a whole number from 2 to 1,000,000,000",
		),
		at: given.at === undefined ? [] : list(given.at).map((text) => computeOf(text)),
		dropHighest: number(given, "dropHighest", 0, whole(0, 1e6), "a whole number from 0 to 1,000,000"),
		rates: oneOf(given, "rates", RATE_RULES) ?? "envelope",
		base: baseOf(given.base),
		curvePoints: oneOf(given, "curvePoints", CURVE_POINTS) ?? DEFAULTS.curvePoints,
		where: given.where === undefined ? [] : list(given.where).map(condition),
		map: { ...pairs(given, "map", (text) => text), ...(given.lossColumn && { loss: given.lossColumn }) },
		units: pairs(given, "units", unitOf),
		tolerance: number(
			given,
			"tolerance",
			DEFAULTS.tolerance,
			(x) => x >= 0 && x <= 1,
			"a number from 0 to 1, a share of the compute",
		),
		range: given.range === undefined ? DEFAULTS.range : rangeOf(given.range),
		wantsPoints: points.some((name) => given[name] !== undefined),
	};
}

/** Where the data-constrained law takes its base from. */
function baseOf(text = "joint"): Base {
	if (text === "joint" || text === "published") return text;
	try {
		return parseSpecification(text).law;
	} catch (error) {
		const fault = (error as Error).message.replace(/; it must be .*/, "");
		throw new UsageError(`--base: ${fault}; it must be joint, published or five numbers E,A,B,alpha,beta`, {
			cause: error,
		});
	}
}

function oneOf<T extends string>(given: FitArguments, name: keyof FitArguments, values: readonly T[]): T | undefined {
	const text = given[name];
	if (text === undefined) return undefined;
	const value = values.find((each) => each === text);
	if (value === undefined) throw new UsageError(`--${flag(name)} is "${text}"; it must be one of ${values.join(", ")}`);
	return value;
}

function number(
	given: FitArguments,
	name: keyof FitArguments,
	otherwise: number,
	holds: (value: number) => boolean,
	rule: string,
): number {
	const text = given[name];
	if (text === undefined) return otherwise;
	const value = String(text).trim() === "" ? Number.NaN : Number(text);
	if (!holds(value)) throw new UsageError(`--${flag(name)} is "${text}"; it must be ${rule}`);
	return value;
}

/** The option as typed. */
function flag(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function whole(low: number, high: number): (value: number) => boolean {
	return (value) => Number.isInteger(value) && value >= low && value <= high;
}

function list(text: string): string[] {
	return text.split(",").map((part) => part.trim());
}

function computeOf(text: string): number {
	const value = text === "" ? Number.NaN : Number(text);
	if (!(value > 0 && value <= 1e60))
		throw new UsageError(`--at has "${text}"; it must be FLOPs, above 0 and at most 1e60, with commas between several`);
	return value;
}

function rangeOf(text: string): [number, number] {
	const [from = Number.NaN, to = Number.NaN, ...more] = list(text).map((part) =>
		part === "" ? Number.NaN : Number(part),
	);
	if (!(from >= 0 && to > from && to <= 1e60) || more.length > 0)
		throw new UsageError(
			`--range is "${text}"; it must be two FLOPs, the lower first, with a comma between: 1e18,1e21`,
		);
	return [from, to];
}

function condition(text: string): Condition {
	const found = parseCondition(text);
	if (!found)
		throw new UsageError(
			`--where has "${text}"; it must be column=text, column!=text or column<number, with commas between several`,
		);
	return found;
}

/** Methods by their names, "all" or several with commas. */
function methodsOf(text = "all"): MethodId[] {
	if (text === "all") return [...METHOD_IDS];
	const known = [...METHOD_IDS, "all"].join(", ");
	return list(text).map((name) => {
		const id = METHOD_IDS.find((each) => each === name);
		if (id === undefined)
			throw new UsageError(`--method is "${text}"; it must be one of ${known}, or several with commas`);
		return id;
	});
}

/** "column=value" pairs, with commas between several. */
function pairs<Value>(
	given: FitArguments,
	name: "map" | "units",
	read: (text: string) => Value,
): Partial<Record<Column, Value>> {
	const text = given[name];
	if (text === undefined) return {};
	return Object.fromEntries(
		list(text).map((pair) => {
			const end = pair.indexOf("=");
			const column = COLUMNS.find((each) => each === pair.slice(0, Math.max(0, end)).trim());
			if (column === undefined || end === pair.length - 1)
				throw new UsageError(
					`--${name} has "${pair}"; it must be column=value, the column one of ${COLUMNS.join(", ")}`,
				);
			return [column, read(pair.slice(end + 1).trim())];
		}),
	);
}

function unitOf(text: string): number {
	const value = readNumber(text);
	if (!(value > 0 && value <= 1e60))
		throw new UsageError(`--units has "${text}"; it must be a number above 0, such as 1e9 for billions`);
	return value;
}
