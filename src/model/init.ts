import type { ModelConfig } from "../architecture/config.ts";
import type { ParameterShape } from "../architecture/parameter-shape.ts";
import { parameterShapes } from "../architecture/parameters.ts";
import { normal, randomKey } from "../maths/random.ts";

/** A tensor's initial values, from its own random stream: they depend only on the seed and on the tensor's name and shape. */
export function initialValues({ name, shape, init }: ParameterShape, seed: number): Float32Array<ArrayBuffer> {
	const values = new Float32Array(shape.reduce((product, axis) => product * axis, 1));
	if ("constant" in init) return values.fill(init.constant);
	if ("constants" in init) {
		const part = values.length / init.constants.length;
		return values.map((_, i) => init.constants[Math.floor(i / part)]!);
	}
	const key = randomKey(seed, "init", name);
	for (let i = 0; i < values.length; i++) values[i] = init.deviation * normal(key, i);
	return values;
}

/** A model's initial weights by name. */
export function initialParameters(config: ModelConfig, seed: number): Map<string, Float32Array<ArrayBuffer>> {
	return new Map(parameterShapes(config).map((shape) => [shape.name, initialValues(shape, seed)]));
}
