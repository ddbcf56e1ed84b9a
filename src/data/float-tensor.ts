import type { SafeTensor } from "./safetensors.ts";

/**
 * The values of a required float32 tensor.
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
	if (tensor.dtype !== "F32" || `${tensor.shape}` !== `${shape}`)
		throw new Error(`tensor ${name} is ${tensor.dtype} [${tensor.shape}]; it must be F32 [${shape}]`);
	const values = tensor.data as Float32Array<ArrayBuffer>;
	requireFinite(name, values);
	return values;
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
