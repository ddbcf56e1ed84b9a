import headCode from "../../shaders/head.wgsl?raw";
import broadcastCode from "../../shaders/head-broadcast.wgsl?raw";
import combineCode from "../../shaders/head-combine.wgsl?raw";
import directCode from "../../shaders/head-direct.wgsl?raw";
import largeCode from "../../shaders/head-large.wgsl?raw";
import lossCode from "../../shaders/head-loss.wgsl?raw";
import tokensCode from "../../shaders/head-tokens.wgsl?raw";
import vocabularyCode from "../../shaders/head-vocabulary.wgsl?raw";
import wholeCode from "../../shaders/head-whole.wgsl?raw";
import tilesCode from "../../shaders/tiles.wgsl?raw";
import type { ShaderFile } from "../gpu/shader.ts";
import { type Operation, type Variants, variantOf } from "../gpu/variants.ts";
import { broadcastHeader, forSubgroups, rowsFor } from "./broadcast.ts";
import { constantsHeader } from "./constants.ts";
import { type Large, loadsOf, tilesHeader } from "./tiles.ts";

const file = (name: string, ...codes: string[]): ShaderFile => ({
	file: `head.wgsl with head-${name}.wgsl`,
	code: [headCode, ...codes].join("\n"),
});
const DIRECT_TOKENS = file("direct", directCode, tokensCode, lossCode, wholeCode);
const DIRECT_VOCABULARY = file("direct", directCode, vocabularyCode);
const BROADCAST_TOKENS = file("broadcast", broadcastCode, tokensCode, lossCode, wholeCode);
const BROADCAST_VOCABULARY = file("broadcast", broadcastCode, vocabularyCode);
const LARGE = file("large", tilesCode, largeCode);
const COMBINE = file("combine", lossCode, combineCode);

export const HEAD_TOKENS_SHADERS = [DIRECT_TOKENS, BROADCAST_TOKENS, LARGE, COMBINE];
export const HEAD_VOCABULARY_SHADERS = [DIRECT_VOCABULARY, BROADCAST_VOCABULARY, LARGE];

/**
 * An invocation owns `quads` × 4 columns of one matrix and reads `rows` columns of the other at a time; `lanes` is the workgroup
 * size. With `subgroup`, that many invocations share their reads of the other matrix; with `large`, a workgroup's invocations own
 * its columns together, `lanes` quads.
 */
interface Tile {
	rows: number;
	quads: number;
	lanes: number;
	subgroup?: number;
	large?: Large;
	forGpus?: true;
}

/** No more rows, because scratch memory may hold no more: see `headShapes`. */
const LARGE_TILE: Large = { rows: 32, columns: 128, forGpus: true };

/** The large kernel whose invocations own tokens. It computes the products, the softmax and dx. */
export const HEAD_TOKENS: Operation<Tile> = {
	name: "head.tokens",
	variants: {
		"8x1x64": { rows: 8, quads: 1, lanes: 64 },
		"4x1x64": { rows: 4, quads: 1, lanes: 64, forGpus: true },
		"32x128 tiles": { rows: 32, quads: 1, lanes: 32, large: LARGE_TILE, forGpus: true },
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
	const { subgroup, large } = variant;
	if (large) return { tile: variant, shader: LARGE, header: largeHeader(large) };
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

function largeHeader(tile: Large): string {
	const { rows, columns } = tile;
	const constants = {
		...{ ROWS: rows, QUADS: 1, LANES: columns / 4, ROW_QUADS: rows / 4, COLUMN_QUADS: columns / 4 },
		...{ ROW_LOADS: loadsOf(tile, rows), COLUMN_LOADS: loadsOf(tile, columns) },
	};
	return [tilesHeader(tile, rows, columns), constantsHeader(constants)].join("\n");
}
