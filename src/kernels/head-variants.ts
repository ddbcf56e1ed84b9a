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
 * An invocation owns `quads` × 4 columns of one matrix and takes `rows` of the other at a time; `lanes` are a workgroup.
 * With `subgroup`, that many invocations share what they read of the other.
 */
interface Tile {
	rows: number;
	quads: number;
	lanes: number;
	subgroup?: number;
	forGpus?: true;
}

/** The large kernel whose invocations own tokens: products, softmax, dx. */
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

/** The large kernel whose invocations own vocabulary entries: products again, dw. Records know it as "head.words". */
export const HEAD_VOCABULARY: Operation<Tile> = { name: "head.words", variants: HEAD_TOKENS.variants };

/** Invocations of a workgroup of `combine` and of `sum_loss`, and the features that an invocation of `combine` writes. */
export const COMBINE_LANES = 32;
export const SUM_LANES = 64;
export const FEATURES = 4;

/** What a dispatch of the head needs to know of a variant. */
export interface HeadPlan {
	tile: Tile;
	shader: ShaderFile;
	header: string;
}

/** A variant of a large kernel for a width: where subgroups share, with as few rows as hold the width, down to 8. */
export function headPlan(operation: typeof HEAD_TOKENS, variants: Variants, width: number): HeadPlan {
	const variant = variantOf(operation, variants);
	const { subgroup } = variant;
	const [direct, broadcast] =
		operation === HEAD_TOKENS ? [DIRECT_TOKENS, BROADCAST_TOKENS] : [DIRECT_VOCABULARY, BROADCAST_VOCABULARY];
	if (!subgroup) return { tile: variant, shader: direct, header: header(variant, width) };
	const tile = { ...variant, rows: rowsFor({ ...variant, subgroup }, width) };
	return { tile, shader: forSubgroups(broadcast, subgroup), header: header(tile, width) };
}

/** The kernels that own no tile. */
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
