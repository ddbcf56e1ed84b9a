import type { LossLaw } from "./loss-law.ts";

/** A loss law with a name and the source of its constants. */
export interface Specification {
	id: string;
	label: string;
	source: string;
	law: LossLaw;
}

/**
 * Besiroglu et al. 2024, "Chinchilla scaling: a replication attempt". A, B, α and β are from the least-absolute-deviation
 * fit to the points read off Hoffmann et al.'s figure 4, E from the Huber fit, as printed there and used by Pearce & Song.
 */
export const EPOCH: Specification = {
	id: "epoch",
	label: "Epoch",
	source: "Besiroglu et al. 2024, arXiv:2404.10102",
	law: { E: 1.8172, A: 482.01, B: 2085.43, alpha: 0.3478, beta: 0.3658 },
};

/**
 * Hoffmann et al.'s Approach 3 with four digits of each exponent, as in the TeX source of their paper and in Pearce & Song.
 * The paper prints 0.34 and 0.28.
 */
export const CHINCHILLA: Specification = {
	id: "chinchilla",
	label: "Chinchilla, Approach 3",
	source: "Hoffmann et al. 2022, arXiv:2203.15556, equation 10, exponents unrounded",
	law: { E: 1.6934, A: 406.4, B: 410.7, alpha: 0.3392, beta: 0.2849 },
};

/** The exponents of that fit as printed (Hoffmann et al. 2022, equation 10 and table A3). */
export const CHINCHILLA_PRINTED_EXPONENTS = { alpha: 0.34, beta: 0.28 } as const;

/** Muennighoff et al. 2023, arXiv:2305.16264, appendix A: their published fit to C4 at one epoch. */
export const MUENNIGHOFF_C4: LossLaw = {
	E: Math.exp(0.6254804),
	A: Math.exp(6.255414),
	B: Math.exp(7.3049974),
	alpha: 0.3526596,
	beta: 0.3526596,
};

export const SPECIFICATIONS: readonly Specification[] = [EPOCH, CHINCHILLA];

/** The valid range of each constant. A and B are for plain counts of parameters and tokens, not millions or billions. */
export const LAW_BOUNDS: Record<keyof LossLaw, readonly [least: number, most: number]> = {
	E: [0, 100],
	A: [1e-30, 1e60],
	B: [1e-30, 1e60],
	alpha: [1e-3, 5],
	beta: [1e-3, 5],
};

/** In the order of "E,A,B,alpha,beta". */
const CONSTANTS = Object.keys(LAW_BOUNDS) as (keyof LossLaw)[];

/**
 * A specification from its name, or from custom constants as "E,A,B,alpha,beta".
 *
 * @throws RangeError naming what is wrong, in one line
 */
export function parseSpecification(text: string): Specification {
	const known = SPECIFICATIONS.find(({ id }) => id === text);
	if (known) return known;
	const parts = text.split(",");
	if (parts.length !== CONSTANTS.length)
		throw new RangeError(
			`${JSON.stringify(text.slice(0, 60))} is not a law; it must be epoch, chinchilla or five numbers E,A,B,alpha,beta`,
		);
	const law = Object.fromEntries(CONSTANTS.map((name, i) => [name, readNumber(parts[i]!)])) as unknown as LossLaw;
	return ownSpecification(law, "given as E,A,B,alpha,beta");
}

/** A specification from custom constants, after checking them. @throws RangeError naming what is wrong, in one line */
export function ownSpecification(law: LossLaw, source: string): Specification {
	for (const name of CONSTANTS) {
		const [low, high] = LAW_BOUNDS[name];
		if (!(law[name] >= low && law[name] <= high))
			throw new RangeError(`${name} is ${law[name]}; it must be a number from ${low} to ${high}`);
	}
	const { E, A, B, alpha, beta } = law;
	return { id: "own", label: "own constants", source, law: { E, A, B, alpha, beta } };
}

function readNumber(text: string): number {
	return text.trim() === "" ? Number.NaN : Number(text);
}
