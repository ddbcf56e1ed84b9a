import linearCode from "../../shaders/linear.wgsl?raw";
import broadcastCode from "../../shaders/linear-broadcast.wgsl?raw";
import directCode from "../../shaders/linear-direct.wgsl?raw";
import largeCode from "../../shaders/linear-large.wgsl?raw";
import sumsCode from "../../shaders/linear-sums.wgsl?raw";
import tiledCode from "../../shaders/linear-tiled.wgsl?raw";
import tilesCode from "../../shaders/tiles.wgsl?raw";
import type { KernelSpec } from "../gpu/kernel.ts";
import type { ShaderFile } from "../gpu/shader.ts";
import type { Operation } from "../gpu/variants.ts";
import { type Broadcast, broadcastHeader, forSubgroups, rowsFor } from "./broadcast.ts";
import { constantsHeader } from "./constants.ts";
import { type Large, loadsOf, sideFor, tileFor, tilesHeader } from "./tiles.ts";
import { fourWeightsHeader, vectorized, weightHeader } from "./weights.ts";

const file = (name: string, ...codes: string[]): ShaderFile => ({
	file: `linear.wgsl with linear-${name}.wgsl`,
	code: [linearCode, ...codes].join("\n"),
});
const DIRECT = file("direct", sumsCode, directCode);
const TILED = file("tiled", sumsCode, tiledCode);
const BROADCAST = file("broadcast", broadcastCode);
const LARGE = file("large", tilesCode, largeCode);

export const LINEAR_SHADERS = [DIRECT, TILED, BROADCAST, LARGE];

/** Invocations compute y and dx directly; for weight gradients, a workgroup owns `rows` × `rows` weights. */
interface Direct {
	/** An invocation owns `rows` features of at most `vecs` × 4 tokens; a workgroup's invocations are adjacent along the tokens. */
	rows: number;
	vecs: number;
	workgroup: number;
	/** Number of weights read at a time, if the number of outputs is a multiple of four; otherwise 1. */
	lanes: 1 | 4;
	forGpus?: true;
}

/** A workgroup owns 32 features of `workgroup` / 2 tokens and reads through workgroup memory. */
interface Tiled {
	rows: 8;
	workgroup: number;
	tiled: true;
	forGpus: true;
}

/** An invocation owns `vecs` × 4 tokens or, for weight gradients, as many outputs; `vecs` defaults to 1. */
interface Shared extends Broadcast {
	vecs?: number;
}

type Variant = Direct | Tiled | Shared | Large;

/** Features by tokens. Which is the fastest depends on a GPU's registers, workgroup memory and processors. */
const TILES: Record<string, Large> = {
	"64x64 tiles": { rows: 64, columns: 64, forGpus: true },
	"64x64 tiles, doubled": { rows: 64, columns: 64, doubled: true, forGpus: true },
	"64x128 tiles": { rows: 64, columns: 128, forGpus: true },
	"128x128 tiles": { rows: 128, columns: 128, forGpus: true },
};

/** Variants whose subgroups share their reads, by the number of invocations that share. */
const BROADCASTS: Record<string, Shared> = {
	"32x2, 4 share": { rows: 32, vecs: 2, subgroup: 4, workgroup: 4 },
	"32 rows, 8 share": { rows: 32, subgroup: 8, workgroup: 8 },
	"16 rows, 32 share": { rows: 16, subgroup: 32, workgroup: 64 },
};

export const LINEAR_FORWARD: Operation<Variant> = {
	name: "linear.forward",
	variants: {
		"8x4, 8 lanes": { rows: 8, vecs: 4, workgroup: 8, lanes: 4 },
		"8x1, 64 lanes": { rows: 8, vecs: 1, workgroup: 64, lanes: 4, forGpus: true },
		"tiled, 64 lanes": { rows: 8, workgroup: 64, tiled: true, forGpus: true },
		...TILES,
		...BROADCASTS,
	},
};

export const LINEAR_BACKWARD: Operation<Variant> = {
	name: "linear.backward",
	variants: {
		"8x2, 8 lanes": { rows: 8, vecs: 2, workgroup: 8, lanes: 1 },
		"8x1, 32 lanes": { rows: 8, vecs: 1, workgroup: 32, lanes: 4, forGpus: true },
		"tiled, 32 lanes": { rows: 8, workgroup: 32, tiled: true, forGpus: true },
		...TILES,
		...BROADCASTS,
	},
};

/** A variant's parameters for a dispatch of a layer. */
export interface LinearPlan {
	kernel: Omit<KernelSpec, "entryPoint">;
	/** Features of y or dx per workgroup, and the number of workgroups along the tokens. */
	block: number;
	alongTokens: number;
	/** Weight-gradient workgroups per block of features. */
	weightTiles: number;
}

interface Shape {
	tokens: number;
	outputs: number;
	/** Of the tokens, for weight gradients. */
	ranges: number;
}

/** Adapts a variant to a layer with `features` features of y or dx. */
export function linearPlan(variant: Variant, shape: Shape, features: number, epilogues: string[]): LinearPlan {
	if ("subgroup" in variant) return broadcastPlan(variant, shape, features, epilogues);
	if ("columns" in variant) return largePlan(variant, shape, features, epilogues);
	const { tokens, outputs } = shape;
	const { rows, workgroup } = variant;
	const tiled = "tiled" in variant;
	const block = tiled ? 32 : rows;
	// Uses fewer tokens per invocation if a workgroup's last invocations would otherwise have none.
	const vecs = tiled ? 1 : Math.min(variant.vecs, Math.max(1, Math.floor(tokens / 4 / workgroup)));
	const vector = !tiled && variant.lanes === 4 && vectorized(outputs);
	const constants = {
		...{ ROWS: rows, BLOCK: block, VECS: vecs, WORKGROUP: workgroup },
		...{ WEIGHTS: vector ? rows / 4 : rows, TILE: rows * rows, SUMS: rows * rows * workgroup },
	};
	return {
		kernel: {
			shader: tiled ? TILED : DIRECT,
			header: [constantsHeader(constants), "alias Gradient = f32;", weightHeader(vector), ...epilogues].join("\n"),
		},
		block,
		alongTokens: tiled ? Math.ceil(tokens / (workgroup / 2)) : Math.ceil(Math.ceil(tokens / 4 / vecs) / workgroup),
		weightTiles: (Math.ceil(outputs / rows) * block) / rows,
	};
}

function broadcastPlan(variant: Shared, { tokens, outputs }: Shape, features: number, epilogues: string[]): LinearPlan {
	// Uses fewer rows if weights are read one at a time, to keep compile times short on software adapters.
	const vector = vectorized(outputs);
	const rows = vector ? rowsFor(variant, features) : 8;
	const { workgroup, vecs = 1 } = variant;
	return {
		kernel: {
			shader: forSubgroups(BROADCAST, variant.subgroup),
			header: [
				broadcastHeader({ ...variant, rows }),
				constantsHeader({ WORKGROUP: workgroup, VECS: vecs }),
				fourWeightsHeader(vector),
				...epilogues,
			].join("\n"),
			subgroup: variant.subgroup,
		},
		block: rows,
		alongTokens: Math.ceil(Math.ceil(tokens / 4 / vecs) / workgroup),
		weightTiles: Math.ceil(outputs / (4 * vecs * workgroup)),
	};
}

function largePlan(
	variant: Large,
	{ tokens, outputs, ranges }: Shape,
	features: number,
	epilogues: string[],
): LinearPlan {
	const { columns } = variant;
	const rows = sideFor(variant.rows, features);
	const [dwRows, dwColumns] = tileFor([rows, columns], [features, outputs], ranges);
	const constants = {
		...{ VECS: 1, BLOCK: rows, ROW_QUADS: rows / 4, COLUMN_QUADS: columns / 4 },
		...{ DW_ROW_QUADS: dwRows / 4, DW_COLUMN_QUADS: dwColumns / 4 },
		...{ ROW_LOADS: loadsOf(variant, rows), COLUMN_LOADS: loadsOf(variant, columns) },
	};
	return {
		kernel: {
			shader: LARGE,
			header: [
				tilesHeader(variant, rows, columns),
				constantsHeader(constants),
				fourWeightsHeader(vectorized(outputs)),
				...epilogues,
			].join("\n"),
		},
		block: rows,
		alongTokens: Math.ceil(tokens / columns),
		weightTiles: (Math.ceil(outputs / dwColumns) * rows) / dwRows,
	};
}
