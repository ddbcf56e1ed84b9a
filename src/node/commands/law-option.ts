import { stat } from "node:fs/promises";
import { COUNTS, type Count } from "../../architecture/counting.ts";
import type { LossLaw } from "../../theory/loss-law.ts";
import { type AllocationLaw, PUBLISHED_LAWS, parametric } from "../../theory/published-laws.ts";
import {
	ownSpecification,
	parseSpecification,
	SPECIFICATIONS,
	type Specification,
} from "../../theory/specifications.ts";
import { readText } from "../files/read-text.ts";
import { UsageError } from "../printing/terminal.ts";

const MAX_BYTES = 50_000_000;

/** A law of loss, and the parameters that it counts where that is known. */
interface CountedSpecification {
	specification: Specification;
	counting: Count | null;
}

/**
 * A law of total parameters that an option names: epoch, chinchilla, five numbers E,A,B,alpha,beta, or a JSON file of
 * `isoflop fit`. Throws UsageError.
 */
export async function readTotalSpecification(option: string, text: string): Promise<Specification> {
	const { specification, counting } = await readSpecification(option, text);
	if (counting !== null && counting !== "total")
		throw new UsageError(
			`${option}: ${specification.source} is fitted to ${counting} parameters; the theory starts from a law of all of them: ` +
				"fit with --count total",
		);
	return specification;
}

async function readSpecification(option: string, text: string): Promise<CountedSpecification> {
	try {
		return text.endsWith(".json")
			? await readFitFile(text)
			: { specification: parseSpecification(text), counting: null };
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
	const { specification, counting } = await readSpecification(option, text);
	return [parametric(specification, counting)];
}

/** The constants of the first law E + A·N^−α + B·D^−β in a JSON file, in full precision. Throws RangeError. */
async function readFitFile(path: string): Promise<CountedSpecification> {
	let document: unknown;
	try {
		const { size } = await stat(path);
		if (size > MAX_BYTES) throw new RangeError(`${path} has ${size} bytes; it must have at most ${MAX_BYTES}`);
		document = JSON.parse(await readText(path));
	} catch (error) {
		if (error instanceof RangeError) throw error;
		if (error instanceof SyntaxError) throw new RangeError(`${path} is not valid JSON`, { cause: error });
		const { code, message } = error as NodeJS.ErrnoException;
		if (code === undefined) throw new RangeError(message, { cause: error });
		throw new RangeError(`${path} cannot be read (${code}); give the JSON of isoflop fit`, { cause: error });
	}
	const found = findLaw(document, "", null);
	if (!found) throw new RangeError(`${path} holds no E, A, B, alpha and beta; give the JSON of isoflop fit --method 3`);
	const { law, counting } = found;
	return { specification: ownSpecification(law, found.path ? `${path}: ${found.path}` : path), counting };
}

const NAMES: [keyof LossLaw, string[]][] = [
	["E", ["E"]],
	["A", ["A"]],
	["B", ["B"]],
	["alpha", ["alpha", "α"]],
	["beta", ["beta", "β"]],
];

interface FoundLaw {
	law: LossLaw;
	/** Where in the document. */
	path: string;
	counting: Count | null;
}

/** The first law in a document, and the `conventions.count` that stands nearest above it. */
function findLaw(value: unknown, path: string, above: Count | null): FoundLaw | null {
	if (typeof value !== "object" || value === null) return null;
	const entries = Object.entries(value);
	const count = (value as { conventions?: { count?: unknown } | null }).conventions?.count;
	const counting = COUNTS.find((each) => each === count) ?? above;
	const constants = NAMES.map(([name, aliases]) => {
		const entry = entries.find(([key]) => aliases.includes(key))?.[1];
		return [name, typeof entry === "object" && entry !== null ? (entry as { estimate?: unknown }).estimate : entry];
	});
	if (constants.every(([, constant]) => typeof constant === "number"))
		return { law: Object.fromEntries(constants) as LossLaw, path, counting };
	for (const [key, entry] of entries) {
		const found = findLaw(entry, path ? `${path}.${key}` : key, counting);
		if (found) return found;
	}
	return null;
}
