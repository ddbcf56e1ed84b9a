import { EMBEDDING_BOUNDS, type Embedding, PAPER_EMBEDDING } from "../../../theory/embedding.ts";
import { type FigureRanges, PAPER_RANGES } from "../../../theory/figure-ranges.ts";
import type { LossLaw } from "../../../theory/loss-law.ts";
import { CHINCHILLA, EPOCH, LAW_BOUNDS } from "../../../theory/specifications.ts";
import type { RouteParameters } from "../../app/route.ts";
import type { LawChoice } from "./theory-parameters.ts";

/** Everything that the page's figures follow from. */
export interface TheoryInputs {
	readonly choice: LawChoice;
	readonly law: LossLaw;
	readonly embedding: Embedding;
	readonly ranges: FigureRanges;
}

/** The paper's. */
export const PAPER_INPUTS: TheoryInputs = {
	...{ choice: "epoch", law: EPOCH.law },
	...{ embedding: PAPER_EMBEDDING, ranges: PAPER_RANGES },
};

/** The same with the constants of a law; one's own begin with those that were there. */
export function withLaw(inputs: TheoryInputs, choice: LawChoice): TheoryInputs {
	if (choice === "own") return { ...inputs, choice };
	return { ...inputs, choice, law: choice === "chinchilla" ? CHINCHILLA.law : EPOCH.law };
}

const CONSTANTS = Object.keys(LAW_BOUNDS) as (keyof LossLaw)[];
const EMBEDDINGS = Object.keys(EMBEDDING_BOUNDS) as (keyof Embedding)[];

/** The inputs of a link: what it does not name is the paper's, and constants of one's own begin with Epoch's. */
export function inputsOf(parameters: RouteParameters): TheoryInputs {
	const start = withLaw(PAPER_INPUTS, (parameters.law as LawChoice | undefined) ?? "epoch");
	const law = given(start.law, CONSTANTS, parameters);
	const embedding = given(start.embedding, EMBEDDINGS, parameters);
	return { ...start, choice: law === start.law ? start.choice : "own", law, embedding };
}

/** A record with the values that a link names; the same record if it names none. */
function given<Name extends string>(
	record: Record<Name, number>,
	names: readonly Name[],
	parameters: RouteParameters,
): Record<Name, number> {
	const named = names.filter((name) => typeof parameters[name] === "number");
	return named.length === 0
		? record
		: { ...record, ...Object.fromEntries(named.map((name) => [name, parameters[name]])) };
}

/** The link to some inputs: what it leaves out is the paper's. */
export function parametersOf({ choice, law, embedding }: TheoryInputs): RouteParameters {
	return {
		...(choice === "epoch" ? {} : { law: choice }),
		...(choice === "own" ? changed(law, EPOCH.law) : {}),
		...changed(embedding, PAPER_EMBEDDING),
	};
}

function changed<Values extends object>(values: Values, usual: Values): RouteParameters {
	return Object.fromEntries(Object.entries(values).filter(([name, value]) => usual[name as keyof Values] !== value));
}
