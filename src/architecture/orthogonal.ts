import { padded4 } from "../maths/padding.ts";
import type { ModelConfig } from "./config.ts";
import { parameterShapes } from "./parameters.ts";

/** A linear map inside the blocks, [rows, columns], which may be some columns of a tensor that holds several side by side. */
export interface HiddenMatrix {
	/** The tensor that holds it. */
	name: string;
	rows: number;
	columns: number;
	/** Its first column in that tensor. */
	firstColumn: number;
}

/**
 * The matrices that Muon orthogonalizes: every linear map between activations, on its own. Queries, keys and values are three
 * maps although they share a tensor, and so are a SwiGLU's gate and the projection that it gates: the singular values of
 * maps glued together depend on which are stored side by side. Embeddings and head, whose rows are looked up
 * by token, are not among them.
 */
export function hiddenMatrices(config: ModelConfig): HiddenMatrix[] {
	return parameterShapes(config).flatMap(({ name, shape, maps = [] }) => {
		let firstColumn = 0;
		return maps.map((columns) => {
			const matrix = { name, rows: shape[0]!, columns, firstColumn };
			firstColumn += columns;
			return matrix;
		});
	});
}

/** The sides of a matrix, longer one first, each rounded up to a multiple of 4. */
export function orthogonalSides({
	rows,
	columns,
}: Pick<HiddenMatrix, "rows" | "columns">): [long: number, short: number] {
	return [padded4(Math.max(rows, columns)), padded4(Math.min(rows, columns))];
}

/** Longest shorter side of matrices that are orthogonalized within one workgroup each. */
const MOST_WITHIN_WORKGROUP = 32;

/** Whether each of the matrices is orthogonalized within one workgroup; depends only on the model, never on the pack. */
export function withinWorkgroup(matrices: readonly Pick<HiddenMatrix, "rows" | "columns">[]): boolean {
	return matrices.every((matrix) => orthogonalSides(matrix)[1] <= MOST_WITHIN_WORKGROUP);
}

/**
 * Scratch memory of one run, in entries: `wide` holds two copies of each matrix, `square` its Gram matrix and a polynomial of it,
 * unless workgroup memory holds them.
 */
export function orthogonalScratch(matrices: readonly Pick<HiddenMatrix, "rows" | "columns">[]): {
	wide: number;
	square: number;
} {
	const sides = matrices.map(orthogonalSides);
	const sum = (entries: number[]) => entries.reduce((a, b) => a + b, 0);
	return {
		wide: sum(sides.map(([long, short]) => 2 * long * short)),
		square: withinWorkgroup(matrices) ? 0 : sum(sides.map(([, short]) => 2 * short * short)),
	};
}

/** Newton–Schulz iterations of a step. */
export const NEWTON_SCHULZ_ITERATIONS = 5;

/**
 * Arithmetic of a training step's Newton–Schulz iterations, FLOP: in each, 4·n²·k for the two products with the matrix, whose
 * sides are n ≤ k, and 2·n³ for the square of its Gram matrix. Like all work of optimizers it is no part of C.
 */
export function orthogonalFlops(config: ModelConfig): number {
	return hiddenMatrices(config).reduce((sum, { rows, columns }) => {
		const [n, k] = [Math.min(rows, columns), Math.max(rows, columns)];
		return sum + NEWTON_SCHULZ_ITERATIONS * (4 * n * n * k + 2 * n ** 3);
	}, 0);
}
