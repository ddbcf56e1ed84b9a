import type { SafeTensor } from "../data/safetensors.ts";
import { fromHalf } from "../gpu/half.ts";

/** Types of weights that are read; those of 16 bits become float32 without loss. */
const FLOATS = ["F32", "F16", "BF16"] as const;

/**
 * The values of a required tensor of floats, as float32.
 *
 * @throws Error naming the tensor if it is missing, has another type or shape, or holds NaN or infinities
 */
export function floatTensor(
	tensors: ReadonlyMap<string, SafeTensor>,
	name: string,
	shape: readonly number[],
): Float32Array<ArrayBuffer> {
	const tensor = tensors.get(name);
	if (!tensor) throw new Error(`tensor ${name} is missing; it must be F32 [${shape}]`);
	if (`${tensor.shape}` !== `${shape}`)
		throw new Error(`tensor ${name} is ${tensor.dtype} [${tensor.shape}]; it must be F32 [${shape}]`);
	const values = floatsOf(tensor);
	if (values === null)
		throw new Error(`tensor ${name} is ${tensor.dtype} [${shape}]; its type must be one of ${FLOATS.join(", ")}`);
	requireFinite(name, values);
	return values;
}

function floatsOf(tensor: SafeTensor): Float32Array<ArrayBuffer> | null {
	if (tensor.dtype === "F32") return tensor.data as Float32Array<ArrayBuffer>;
	if (tensor.dtype === "F16") return fromHalf(tensor.data);
	// A bfloat16 is the upper half of a float32.
	if (tensor.dtype === "BF16") return new Float32Array(Uint32Array.from(tensor.data, (bits) => bits << 16).buffer);
	return null;
}

function requireFinite(name: string, values: Float32Array): void {
	let [count, first] = [0, -1];
	for (let i = 0; i < values.length; i++) {
		if (Number.isFinite(values[i])) continue;
		if (count === 0) first = i;
		count++;
	}
	if (count > 0)
		throw new Error(
			`tensor ${name} has ${count} of ${values.length} values that are NaN or infinite, the first (${values[first]}) at ` +
				`position ${first}; all must be finite`,
		);
}
