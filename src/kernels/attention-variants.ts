import attentionCode from "../../shaders/attention.wgsl?raw";
import directCode from "../../shaders/attention-direct.wgsl?raw";
import largeCode from "../../shaders/attention-large.wgsl?raw";
import scoresCode from "../../shaders/attention-scores.wgsl?raw";
import sumsCode from "../../shaders/attention-sums.wgsl?raw";
import type { ShaderFile } from "../gpu/shader.ts";
import type { Operation } from "../gpu/variants.ts";
import { forSubgroups, subgroupHeader } from "./broadcast.ts";
import { constantsHeader } from "./constants.ts";
import { sideFor } from "./tiles.ts";

const file = (name: string, ...codes: string[]): ShaderFile => ({
	file: `attention.wgsl with attention-${name}.wgsl`,
	code: [attentionCode, ...codes].join("\n"),
});
const DIRECT = file("direct", directCode);
const LARGE = file("large", scoresCode, sumsCode, largeCode);

export const ATTENTION_SHADERS = [DIRECT, LARGE];

/** How query or key positions are divided among invocations; each loops over the others, `rows` at a time. */
interface Direct {
	/** Maximum workgroup size, four positions per invocation; small workgroups waste less work on masked positions. */
	lanes: number;
	rows: number;
	/** Number of invocations that share their reads; by default each reads for itself. */
	subgroup?: number;
	forGpus?: true;
}

/** A workgroup owns `columns` positions and reads through workgroup memory, `rows` of the others at a time. */
interface Large {
	columns: 32 | 64;
	rows: 32;
	forGpus: true;
}

type Variant = Direct | Large;

const DIRECT_FOR_GPUS: Direct = { lanes: 16, rows: 8, forGpus: true };

export const ATTENTION: Operation<Variant> = {
	name: "attention",
	variants: {
		"8 lanes": { lanes: 8, rows: 8 },
		"16 lanes": DIRECT_FOR_GPUS,
		"32 lanes": { lanes: 32, rows: 8, forGpus: true },
		"32x32 tiles": { columns: 32, rows: 32, forGpus: true },
		"64x32 tiles": { columns: 64, rows: 32, forGpus: true },
		"32 rows, 4 share": { lanes: 8, rows: 32, subgroup: 4 },
		"32 rows, 8 share": { lanes: 8, rows: 32, subgroup: 8 },
		"16 rows, 32 share": { lanes: 32, rows: 16, subgroup: 32 },
	},
};

/** A variant's parameters for a dispatch of attention. */
export interface AttentionPlan {
	shader: ShaderFile;
	header: string;
	subgroup: number;
	/** Positions and sequences of a workgroup, and workgroups that share a head's entries. */
	positions: number;
	sequences: number;
	parts: number;
}

/** The shortest sequences that tiles are used for: of shorter ones most of a tile would be past the end. */
const SHORTEST = 32;

/** Adapts a variant to sequences of `context` tokens and heads of `headSize`. */
export function attentionPlan(variant: Variant, context: number, headSize: number): AttentionPlan {
	if (!("columns" in variant)) return directPlan(variant, context);
	return context < SHORTEST ? directPlan(DIRECT_FOR_GPUS, context) : largePlan(variant, context, headSize);
}

// For variants whose invocations read for themselves.
const ALONE = `fn subgroup_member() -> u32 { return 0u; }
fn broadcast_from(value: f32, member: u32) -> f32 { return value; }`;

/** Minimum workgroup size. */
const FEWEST_LANES = 8;

/** No more invocations and rows than positions. */
function directPlan({ lanes: most, rows: mostRows, subgroup: mostShare = 1 }: Direct, context: number): AttentionPlan {
	const sequences = Math.max(1, Math.floor(FEWEST_LANES / Math.ceil(context / 4)));
	const subgroup = sequences > 1 ? 1 : mostShare;
	const lanes = subgroup > 1 ? most : Math.min(most, Math.ceil(context / 32) * FEWEST_LANES);
	const rows = Math.min(mostRows, Math.max(8, 2 ** Math.ceil(Math.log2(context))));
	const loads = Math.max(1, rows / 4 / subgroup);
	const constants = { LANES: lanes, SEQUENCES: sequences, BLOCK: rows, SUBGROUP: subgroup, LOADS: loads };
	return {
		shader: forSubgroups(DIRECT, subgroup),
		header: [subgroup > 1 ? subgroupHeader(subgroup) : ALONE, constantsHeader(constants)].join("\n"),
		...{ subgroup, sequences, positions: 4 * lanes, parts: 1 },
	};
}

/** Entries of a slice of the first product; and quads of workgroup memory for an operand of the second one. */
const DEPTH = 16;
const OPERAND_QUADS = 256;

/** Heads have two halves, and a workgroup owns at most as many quads of each as it has quads of rows. */
function largePlan({ columns: most, rows }: Large, context: number, headSize: number): AttentionPlan {
	const columns = sideFor(most, context);
	const [rowQuads, columnQuads] = [rows / 4, columns / 4];
	const halfQuads = Math.ceil(headSize / 2 / 4);
	const dimQuads = Math.min(rowQuads, 2 ** Math.ceil(Math.log2(halfQuads)));
	const terms = Math.min(rows, OPERAND_QUADS / (2 * dimQuads));
	const constants = {
		...{ ROW_QUADS: rowQuads, COLUMN_QUADS: columnQuads, DEPTH, DIM_QUADS: dimQuads },
		...{ ROW_LOADS: DEPTH / columnQuads, COLUMN_LOADS: DEPTH / rowQuads, TERMS: terms, ROUNDS: rows / terms },
	};
	const parts = Math.ceil(halfQuads / dimQuads);
	return {
		shader: LARGE,
		header: constantsHeader({ ...constants, PARTS: parts }),
		...{ subgroup: 1, sequences: 1, positions: columns, parts },
	};
}
