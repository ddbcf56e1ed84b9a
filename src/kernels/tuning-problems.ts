import { writeTensor } from "../gpu/memory.ts";
import { entriesPerRun, type Tensor } from "../gpu/tensor.ts";
import type { TuningProblem } from "../gpu/tuning.ts";
import { linear, linearBackward } from "./linear.ts";
import { LINEAR_BACKWARD, LINEAR_FORWARD, LINEAR_SHADERS } from "./linear-variants.ts";

/** Of about the size that a study's models have: a thousand tokens, widths around a hundred. */
const TOKENS = 1024;
const INPUTS = 64;
const OUTPUTS = 192;

/** Fills a tensor with numbers between −1 and 1, other ones for each name. */
function fill(device: GPUDevice, tensor: Tensor): Tensor {
	const phase = [...tensor.name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0) % 1000;
	const values = Float32Array.from({ length: entriesPerRun(tensor.shape) }, (_, i) => Math.sin(12.9898 * i + phase));
	writeTensor(device, tensor, 0, values);
	return tensor;
}

const linearForwardProblem: TuningProblem = {
	operation: LINEAR_FORWARD,
	shaders: LINEAR_SHADERS,
	prepare(device, memory) {
		const given = (name: string, ...shape: number[]) => fill(device, memory.tensor(name, [1, ...shape]));
		const [x, w, bias] = [given("x", INPUTS, TOKENS), given("w", INPUTS, OUTPUTS), given("bias", OUTPUTS)];
		const y = memory.tensor("y", [1, OUTPUTS, TOKENS]);
		return { dispatches: (choice) => [linear({ x, w, bias, y }, choice)], results: [y] };
	},
};

const linearBackwardProblem: TuningProblem = {
	operation: LINEAR_BACKWARD,
	shaders: LINEAR_SHADERS,
	prepare(device, memory) {
		const given = (name: string, ...shape: number[]) => fill(device, memory.tensor(name, [1, ...shape]));
		const [x, w, dy] = [given("x", INPUTS, TOKENS), given("w", INPUTS, OUTPUTS), given("dy", OUTPUTS, TOKENS)];
		const dx = memory.tensor("dx", [1, INPUTS, TOKENS]);
		const dw = memory.tensor("dw", [1, 1, INPUTS, OUTPUTS]);
		const dbias = memory.tensor("dbias", [1, 1, OUTPUTS]);
		const tensors = { x, dy, w, dx, dw, dbias };
		return {
			dispatches: (choice) => [linearBackward(tensors, { accumulate: false }, choice)],
			results: [dx, dw, dbias],
		};
	},
};

/** Everything that is written in several ways, and what to compare those on. */
export const TUNING_PROBLEMS: readonly TuningProblem[] = [linearForwardProblem, linearBackwardProblem];
