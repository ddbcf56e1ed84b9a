import activationsCode from "../../shaders/activations.wgsl?raw";
import lstmCode from "../../shaders/lstm.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { padded4 } from "../maths/padding.ts";
import { constantsHeader } from "./constants.ts";

const shader = { file: "lstm.wgsl with activations.wgsl", code: [activationsCode, lstmCode].join("\n") };

/** Sizes that do not follow from the tensors' shapes. */
export interface LstmShape {
	sequences: number;
	/** Tokens per sequence. */
	context: number;
}

/** Sequences of a workgroup. */
const SEQUENCES = 4;

/** Smallest and largest workgroup; an invocation has one feature, or several where there are more. */
const LANES = { least: 8, most: 256 };

/**
 * Most arithmetic of a workgroup in one dispatch: a workgroup's tokens follow one another, so that a wide model's sequences are cut into
 * dispatches of a few tokens each. Unit: FLOP.
 */
const WORKGROUP_FLOPS = 2 ** 27;

/** Widest layer whose dgates of four sequences fit the 16 KiB of workgroup memory that every adapter has. */
const NARROW = 256;

/** WGSL that exchanges a token's h or dgates between the invocations of a workgroup. */
function exchange(width: number): string {
	if (width > NARROW)
		return `fn wait() { storageBarrier(); }
fn keep(row: u32, value: vec4f) {}
fn recall_h(row: u32, at: vec4u) -> vec4f { return h_at(at); }
fn recall_dgates(row: u32, at: vec4u) -> vec4f { return dgates_at(at); }`;
	return `var<workgroup> exchanged: array<vec4f, ${4 * width}>;
fn wait() { workgroupBarrier(); }
fn keep(row: u32, value: vec4f) { exchanged[row] = value; }
fn recall_h(row: u32, at: vec4u) -> vec4f { return exchanged[row]; }
fn recall_dgates(row: u32, at: vec4u) -> vec4f { return exchanged[row]; }`;
}

interface Sizes {
	runs: number;
	width: number;
	across: number;
}

/** The tensors of the forward pass. */
export interface LstmTensors {
	/** W_h: [runs, width, 4·width] */
	w: Tensor;
	/** [runs, 4·width, tokens']: x·W_x + b before, the gates after their functions are applied afterwards. */
	gates: Tensor;
	/** [runs, width, tokens'] */
	c: Tensor;
	h: Tensor;
}

/** The tensors of the backward pass. */
export interface LstmBackwardTensors extends LstmTensors {
	/** [runs, width, tokens'] */
	dh: Tensor;
	/** [runs, 4·width, tokens']: the gradient of x·W_x + b, and of h_{t−1}·W_h. */
	dgates: Tensor;
	/** [runs, width, tokens']: scratch memory, and h_{t−1} of every token. */
	carry: Tensor;
	before: Tensor;
}

/** @throws RangeError naming the tensor that does not fit */
function sizesOf(name: string, { sequences, context }: LstmShape, t: LstmTensors | LstmBackwardTensors): Sizes {
	const [runs, width] = t.w.shape as [number, number];
	const across = padded4(sequences * context);
	const [stream, gates] = [
		[runs, width, across],
		[runs, 4 * width, across],
	];
	for (const [key, tensor] of Object.entries(t) as [keyof LstmBackwardTensors, Tensor][]) {
		const expected = key === "w" ? [runs, width, 4 * width] : key === "gates" || key === "dgates" ? gates : stream;
		if (`${tensor.shape}` !== `${expected}`)
			throw new RangeError(
				`${name}: w is [${t.w.shape}], ${key} is [${tensor.shape}], of ${sequences} sequences of ${context}; ` +
					`${key} must be [${expected}]`,
			);
	}
	return { runs, width, across };
}

/** Begin and end of the tokens of each dispatch. */
function spans(context: number, width: number): [begin: number, end: number][] {
	const fitting = Math.floor(WORKGROUP_FLOPS / (8 * width ** 2 * SEQUENCES));
	const length = Math.max(1, Math.min(context, fitting));
	return Array.from({ length: Math.ceil(context / length) }, (_, i) => [
		i * length,
		Math.min(context, (i + 1) * length),
	]);
}

function dispatches(
	entryPoint: "forward" | "backward",
	{ sequences, context }: LstmShape,
	{ runs, width, across }: Sizes,
	bindings: Record<string, Tensor>,
): DispatchSpec[] {
	const lanes = Math.min(LANES.most, Math.max(LANES.least, 2 ** Math.ceil(Math.log2(width))));
	const header = [constantsHeader({ LANES: lanes, DEPTH: width % 4 === 0 ? 4 : 1 }), exchange(width)].join("\n");
	return spans(context, width).map(([begin, end]) => ({
		kernel: { shader, entryPoint, header },
		bindings,
		sizes: { sequences, context, width, across, begin, end },
		grid: [Math.ceil(sequences / SEQUENCES), 1, runs],
		flops: 8 * width ** 2 * sequences * (end - begin),
	}));
}

/**
 * The recurrence of an LSTM layer, from x·W_x + b of all tokens to h and c; see `shaders/lstm.wgsl` for the formulas. One
 * dispatch, or several one after the other for wide layers.
 *
 * @throws RangeError when the shapes do not fit
 */
export function lstm(shape: LstmShape, { w, gates, c, h }: LstmTensors): DispatchSpec[] {
	const tensors = { w, gates, c, h };
	return dispatches("forward", shape, sizesOf("lstm", shape, tensors), tensors);
}

/**
 * From dh, the gradient of h by way of what reads it above, to dgates, after `lstm` with the same tensors. The gradient of W_h
 * is that of a linear layer from `before` to the gates.
 *
 * @throws RangeError when the shapes do not fit
 */
export function lstmBackward(
	shape: LstmShape,
	{ w, gates, c, h, dh, dgates, carry, before }: LstmBackwardTensors,
): DispatchSpec[] {
	const tensors = { gates, c, h, dh, dgates, carry, before };
	const sizes = sizesOf("lstm backward", shape, { w, ...tensors });
	return dispatches("backward", shape, sizes, { quads: w, ...tensors }).reverse();
}
