import { EMBEDDING_BOUNDS } from "../../../theory/embedding.ts";
import { LAW_BOUNDS } from "../../../theory/specifications.ts";
import type { Page } from "../../app/route.ts";

/** Whose constants the law has. */
const LAW_CHOICES = ["epoch", "chinchilla", "own"] as const;
export type LawChoice = (typeof LAW_CHOICES)[number];

/** What a link to the page may set: the law, ω and δ, and constants of one's own. */
export const THEORY_PARAMETERS: NonNullable<Page["parameters"]> = {
	law: { kind: "choice", values: LAW_CHOICES },
	...Object.fromEntries(
		[...Object.entries(EMBEDDING_BOUNDS), ...Object.entries(LAW_BOUNDS)].map(([name, [min, max]]) => [
			name,
			{ kind: "number" as const, min, max },
		]),
	),
};
