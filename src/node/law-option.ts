import { readFile, stat } from "node:fs/promises";
import {
	type AllocationLaw,
	type LossLaw,
	ownSpecification,
	PUBLISHED_LAWS,
	parametric,
	parseSpecification,
	SPECIFICATIONS,
	type Specification,
} from "../theory/index.ts";
import { UsageError } from "./terminal.ts";

const MAX_BYTES = 50_000_000;

/**
 * A law of loss that an option names: epoch, chinchilla, five numbers E,A,B,alpha,beta, or a JSON file of `isoflop fit`.
 * Throws UsageError.
 */
export async function readSpecification(option: string, text: string): Promise<Specification> {
	try {
		return text.endsWith(".json") ? await readFitFile(text) : parseSpecification(text);
	} catch (error) {
		if (error instanceof RangeError) throw new UsageError(`${option}: ${error.message}`, { cause: error });
		throw error;
	}
}

/** The planner's laws that an option names: all, one by its id, or one of the user's own. Throws UsageError. */
export async function readAllocationLaws(option: string, text: string): Promise<readonly AllocationLaw[]> {
	if (text === "all") return PUBLISHED_LAWS;
	const published = PUBLISHED_LAWS.find(({ id }) => id === (text === "chinchilla" ? "hoffmann-3" : text));
	if (published) return [published];
	if (/^[\w-]+$/.test(text) && !SPECIFICATIONS.some(({ id }) => id === text)) {
		const ids = PUBLISHED_LAWS.map(({ id }) => id).join(", ");
		throw new UsageError(
			`${option} is "${text}"; it must be all, ${ids}, five numbers E,A,B,alpha,beta or a .json file of isoflop fit`,
		);
	}
	return [parametric(await readSpecification(option, text))];
}

/** The constants of the first law E + A·N^−α + B·D^−β in a JSON file, in full precision. Throws RangeError. */
async function readFitFile(path: string): Promise<Specification> {
	let document: unknown;
	try {
		const { size } = await stat(path);
		if (size > MAX_BYTES) throw new RangeError(`${path} has ${size} bytes; it must have at most ${MAX_BYTES}`);
		document = JSON.parse(await readFile(path, "utf8"));
	} catch (error) {
		if (error instanceof RangeError) throw error;
		if (error instanceof SyntaxError) throw new RangeError(`${path} is not valid JSON`, { cause: error });
		const { code } = error as NodeJS.ErrnoException;
		throw new RangeError(`${path} cannot be read (${code}); give the JSON of isoflop fit`, { cause: error });
	}
	const found = findLaw(document, "");
	if (!found) throw new RangeError(`${path} holds no E, A, B, alpha and beta; give the JSON of isoflop fit --method 3`);
	return ownSpecification(found.law, found.path ? `${path}: ${found.path}` : path);
}

const NAMES: [keyof LossLaw, string[]][] = [
	["E", ["E"]],
	["A", ["A"]],
	["B", ["B"]],
	["alpha", ["alpha", "α"]],
	["beta", ["beta", "β"]],
];

function findLaw(value: unknown, path: string): { law: LossLaw; path: string } | null {
	if (typeof value !== "object" || value === null) return null;
	const entries = Object.entries(value);
	const constants = NAMES.map(([name, aliases]) => {
		const entry = entries.find(([key]) => aliases.includes(key))?.[1];
		return [name, typeof entry === "object" && entry !== null ? (entry as { estimate?: unknown }).estimate : entry];
	});
	if (constants.every(([, constant]) => typeof constant === "number"))
		return { law: Object.fromEntries(constants) as LossLaw, path };
	for (const [key, entry] of entries) {
		const found = findLaw(entry, path ? `${path}.${key}` : key);
		if (found) return found;
	}
	return null;
}
