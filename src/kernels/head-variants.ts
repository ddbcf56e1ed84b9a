import headCode from "../../shaders/head.wgsl?raw";
import broadcastCode from "../../shaders/head-broadcast.wgsl?raw";
import combineCode from "../../shaders/head-combine.wgsl?raw";
import directCode from "../../shaders/head-direct.wgsl?raw";
import tokensCode from "../../shaders/head-tokens.wgsl?raw";
import vocabularyCode from "../../shaders/head-vocabulary.wgsl?raw";
import type { ShaderFile } from "../gpu/shader.ts";
import { type Operation, type Variants, variantOf } from "../gpu/variants.ts";
import { broadcastHeader, forSubgroups, rowsFor } from "./broadcast.ts";
import { constantsHeader } from "./constants.ts";

const file = (name: string, ...codes: string[]): ShaderFile => ({
	file: `head.wgsl with head-${name}.wgsl`,
	code: [headCode, ...codes].join("\n"),
});
const DIRECT_TOKENS = file("direct", directCode, tokensCode);
const DIRECT_VOCABULARY = file("direct", directCode, vocabularyCode);
const BROADCAST_TOKENS = file("broadcast", broadcastCode, tokensCode);
const BROADCAST_VOCABULARY = file("broadcast", broadcastCode, vocabularyCode);
const COMBINE = file("combine", combineCode);

export const HEAD_TOKENS_SHADERS = [DIRECT_TOKENS, BROADCAST_TOKENS, COMBINE];
export const HEAD_VOCABULARY_SHADERS = [DIRECT_VOCABULARY, BROADCAST_VOCABULARY];

/**
 * An invocation owns `quads` × 4 columns of one matrix and reads `rows` columns of the other at a time; `lanes` is the workgroup
 * size. With `subgroup`, that many invocations share their reads of the other matrix.
 */
interface Tile {
	rows: number;
	quads: number;
	lanes: number;
	subgroup?: number;
	forGpus?: true;
}

/** The large kernel whose invocations own tokens. It computes the products, the softmax and dx. */
export const HEAD_TOKENS: Operation<Tile> = {
	name: "head.tokens",
	variants: {
		"8x1x64": { rows: 8, quads: 1, lanes: 64 },
		"4x1x64": { rows: 4, quads: 1, lanes: 64, forGpus: true },
		"16x2, 4 share": { rows: 16, quads: 2, lanes: 4, subgroup: 4 },
		"32 rows, 8 share": { rows: 32, quads: 1, lanes: 8, subgroup: 8 },
		"16 rows, 32 share": { rows: 16, quads: 1, lanes: 64, subgroup: 32 },
	},
};

/** The large kernel whose invocations own vocabulary entries. It recomputes the products for dw. "head.words" in records. */
export const HEAD_VOCABULARY: Operation<Tile> = { name: "head.words", variants: HEAD_TOKENS.variants };

/** Workgroup sizes of `combine` and `sum_loss`, and the number of features that each invocation of `combine` writes. */
export const COMBINE_LANES = 32;
export const SUM_LANES = 64;
export const FEATURES = 4;

/** A variant's parameters for a dispatch of the head. */
export interface HeadPlan {
	tile: Tile;
	shader: ShaderFile;
	header: string;
}

/** Adapts a large kernel's variant to a width: if subgroups share their reads, with as few rows as needed, at least 8. */
export function headPlan(operation: typeof HEAD_TOKENS, variants: Variants, width: number): HeadPlan {
	const variant = variantOf(operation, variants);
	const { subgroup } = variant;
	const [direct, broadcast] =
		operation === HEAD_TOKENS ? [DIRECT_TOKENS, BROADCAST_TOKENS] : [DIRECT_VOCABULARY, BROADCAST_VOCABULARY];
	if (!subgroup) return { tile: variant, shader: direct, header: header(variant, width) };
	const tile = { ...variant, rows: rowsFor({ ...variant, subgroup }, width) };
	return { tile, shader: forSubgroups(broadcast, subgroup), header: header(tile, width) };
}

/** The plan for kernels without a tile. */
export function combinePlan(width: number, lanes: number): Omit<HeadPlan, "tile"> {
	return { shader: COMBINE, header: header({ rows: 4, quads: 1, lanes: 32 }, width, lanes) };
}

function header({ rows, quads, lanes, subgroup }: Tile, width: number, combineLanes = COMBINE_LANES): string {
	return [
		subgroup ? broadcastHeader({ rows, subgroup }) : constantsHeader({ ROWS: rows, ROW_QUADS: rows / 4, FOUR: 4 }),
		constantsHeader({ LANES: lanes, QUADS: quads, COMBINE_LANES: combineLanes, FEATURES }),
		`const HELD = ${width <= rows};`,
	].join("\n");
}
