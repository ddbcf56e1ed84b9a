import embeddingCode from "../../shaders/embedding.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { constantsHeader } from "./constants.ts";

const shader = { file: "embedding.wgsl", code: embeddingCode };

/** Workgroup size, one invocation for each token, and the number of features that each handles. */
const LANES = 64;
const FEATURES = 4;

const HEADER = constantsHeader({ LANES, FEATURES });

// Functions for the header; each kernel gets one of each pair, for models with or without learned positions.
const POSITIONS = `@group(0) @binding(7) var<storage, read> wpe: array<f32>;
fn position_entry(at: u32) -> f32 { return wpe[at]; }`;
const NO_POSITIONS = "fn position_entry(at: u32) -> f32 { return 0.0; }";
const DPOSITIONS = `@group(0) @binding(7) var<storage, read_write> dwpe: array<f32>;
fn write_dposition(at: u32, value: f32) { dwpe[at] = select(value, dwpe[at] + value, sizes.accumulate != 0u); }`;
const NO_DPOSITIONS = "fn write_dposition(at: u32, value: f32) {}";

interface Shape {
	runs: number;
	width: number;
	padded: number;
	vocabulary: number;
	sequences: number;
	context: number;
}

/** Sizes from x: [runs, width, tokens'], wte: [runs, (ranges,) width, vocabulary'] and wpe: [runs, width, context]. */
function shapeOf(ids: Tensor, x: Tensor, wte: Tensor, wpe?: Tensor): Shape {
	const [runs, width, padded] = x.shape as [number, number, number];
	const [, sequences, entries] = ids.shape as [number, number, number];
	const context = entries - 1;
	if (wte.shape[0] !== runs || wte.shape.at(-2) !== width)
		throw new RangeError(`embedding: x is [${x.shape}], wte is [${wte.shape}]; runs and widths must agree`);
	if (padded !== Math.ceil((sequences * context) / 4) * 4)
		throw new RangeError(
			`embedding: x is [${x.shape}], ids is [${ids.shape}]; the last axis of x must be sequences · context, rounded up to a multiple of 4`,
		);
	if (wpe && `${wpe.shape}` !== `${[runs, width, context]}`)
		throw new RangeError(`embedding: wpe is [${wpe.shape}]; it must be [${[runs, width, context]}] as x and ids are`);
	return { runs, width, padded, vocabulary: wte.shape.at(-1)!, sequences, context };
}

/**
 * x = wte[ids] + wpe, 0 in the padding. x: [runs, width, tokens'], tokens rounded up to a multiple of 4;
 * wte: [runs, width, vocabulary']; wpe, if positions are learned: [runs, width, context];
 * ids: [runs or 1, sequences, context + 1].
 */
export function embedding(t: { ids: Tensor; wte: Tensor; wpe?: Tensor | undefined; x: Tensor }): DispatchSpec {
	const { runs, ...sizes } = shapeOf(t.ids, t.x, t.wte, t.wpe);
	const { ids, wte, wpe, x } = t;
	return {
		kernel: {
			shader,
			entryPoint: "forward",
			header: [HEADER, wpe ? POSITIONS : NO_POSITIONS, NO_DPOSITIONS].join("\n"),
		},
		bindings: { ids, wte, x, ...(wpe && { wpe }) },
		sizes: { ...sizes, token_groups: 0, accumulate: 0 },
		grid: [Math.ceil(sizes.padded / LANES), Math.ceil(sizes.width / FEATURES), runs],
	};
}

/**
 * dwte += dx at each id, and dwpe (+)= the sum of dx over the sequences, in one dispatch.
 * order: [runs or 1, sequences·context], positions sorted by token id. dx: [runs, width, tokens'];
 * dwte: [runs, width, vocabulary'], or [runs, ranges, width, vocabulary'], of which only the first range is added to;
 * dwpe, if positions are learned: [runs, width, context].
 */
export function embeddingBackward(
	t: { ids: Tensor; order: Tensor; dx: Tensor; dwte: Tensor; dwpe?: Tensor | undefined },
	accumulate: boolean,
): DispatchSpec {
	const { runs, ...sizes } = shapeOf(t.ids, t.dx, t.dwte, t.dwpe);
	const { ids, order, dx, dwte, dwpe } = t;
	const tokenGroups = Math.ceil((sizes.sequences * sizes.context) / LANES);
	const positionGroups = dwpe ? Math.ceil(sizes.context / LANES) : 0;
	return {
		kernel: {
			shader,
			entryPoint: "backward",
			header: [HEADER, NO_POSITIONS, dwpe ? DPOSITIONS : NO_DPOSITIONS].join("\n"),
		},
		bindings: { ids, order, dx, dwte, ...(dwpe && { dwpe }) },
		sizes: { ...sizes, token_groups: tokenGroups, accumulate: Number(accumulate) },
		grid: [tokenGroups + positionGroups, Math.ceil(sizes.width / FEATURES), runs],
	};
}
