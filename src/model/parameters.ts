import { FEED_FORWARD_EXPANSION, type ModelConfig } from "./config.ts";

/** A trained tensor of one run: its name (GPT-2's on Hugging Face, without "transformer.") and shape. */
export interface ParameterShape {
	name: string;
	shape: readonly number[];
	/** How it begins: normal with this deviation, or all ones or zeros. */
	init: { deviation: number } | { constant: number };
}

/**
 * Every trained tensor in order. Initialised as GPT-2: normal(0, 0.02), the two projections into the residual stream
 * by 0.02/√(2·layers) (Radford et al. 2019, section 2.3), norms 1, biases 0.
 */
export function parameterShapes({ vocabulary, context, width, layers, tied }: ModelConfig): ParameterShape[] {
	const hidden = FEED_FORWARD_EXPANSION * width;
	const deviation = 0.02;
	const residual = deviation / Math.sqrt(2 * Math.max(1, layers));
	const shapes: ParameterShape[] = [];
	const matrix = (name: string, shape: number[], d = deviation) => shapes.push({ name, shape, init: { deviation: d } });
	const vector = (name: string, length: number, constant: number) =>
		shapes.push({ name, shape: [length], init: { constant } });
	const norm = (name: string) => {
		vector(`${name}.weight`, width, 1);
		vector(`${name}.bias`, width, 0);
	};
	const linear = (name: string, inputs: number, outputs: number, d = deviation) => {
		matrix(`${name}.weight`, [inputs, outputs], d);
		vector(`${name}.bias`, outputs, 0);
	};
	matrix("wte.weight", [vocabulary, width]);
	matrix("wpe.weight", [context, width]);
	for (let layer = 0; layer < layers; layer++) {
		norm(`h.${layer}.ln_1`);
		linear(`h.${layer}.attn.c_attn`, width, 3 * width);
		linear(`h.${layer}.attn.c_proj`, width, width, residual);
		norm(`h.${layer}.ln_2`);
		linear(`h.${layer}.mlp.c_fc`, width, hidden);
		linear(`h.${layer}.mlp.c_proj`, hidden, width, residual);
	}
	norm("ln_f");
	if (!tied) matrix("lm_head.weight", [vocabulary, width]);
	return shapes;
}

/** Whether a tensor's gradient is summed over ranges of the batch first; the vocabulary's matrices are large enough alone. */
export function hasRanges(name: string): boolean {
	return name !== "wte.weight" && name !== "lm_head.weight";
}
