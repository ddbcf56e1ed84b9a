import type { Tensor } from "../gpu/tensor.ts";

/**
 * WGSL aliases for the type in which tensors store four entries: `alias StoredX = vec4f;` for `{ X: x }`, or vec4h if x holds
 * 16-bit floats. Kernels compute in 32 bits: they read `vec4f(x[at])` and write `StoredX(value)`.
 */
export function storedHeader(tensors: Record<string, Tensor | undefined>): string {
	const lines = Object.entries(tensors).map(
		([name, tensor]) => `alias Stored${name} = ${tensor?.half ? "vec4h" : "vec4f"};`,
	);
	return [enableHalf(...Object.values(tensors)), ...lines].join("\n");
}

/** The WGSL extension that a kernel of these tensors needs, if any. */
export function enableHalf(...tensors: (Tensor | undefined)[]): string {
	return tensors.some((tensor) => tensor?.half) ? "enable f16;" : "";
}
