/**
 * The choices of a model, one constant for each. Types, the study's schema, the reader of records, the page's form, the
 * kernels and the memory estimate all take them from here. The first of each list is the usual one.
 */

/** A decoder-only transformer, or stacked LSTM layers (see `lstm.ts`). */
export const ARCHITECTURES = ["transformer", "lstm"] as const;
export const [DEFAULT_ARCHITECTURE] = ARCHITECTURES;
export type Architecture = (typeof ARCHITECTURES)[number];

/** What normalizes the residual stream before each half of a block and before the head; `null`: nothing does. */
export const NORMS = {
	/** Layer norm (Ba et al. 2016). */
	layer: { centered: true, mayHaveBiases: true },
	/** RMS norm (Zhang & Sennrich 2019). */
	rms: { centered: false, mayHaveBiases: false },
	none: null,
} as const;
export type Norm = keyof typeof NORMS;

/** Learned vectors added to the embedding, or queries and keys rotated by their position (Su et al. 2021). */
export const POSITIONS = ["learned", "rotary", "none"] as const;
export type Positions = (typeof POSITIONS)[number];

/**
 * Feed-forward layers: the function they apply (an entry of `shaders/activations.wgsl`), and whether it is applied to a
 * gate that multiplies another projection (Shazeer 2020) or to the projection itself.
 */
export const ACTIVATIONS = {
	/** By its tanh approximation (Hendrycks & Gimpel 2016). */
	gelu: { function: "gelu", gated: false },
	/** max(0, u)² (So et al. 2021). */
	relu2: { function: "relu2", gated: false },
	/** SiLU of a gate (Shazeer 2020). */
	swiglu: { function: "silu", gated: true },
} as const;
export type Activation = keyof typeof ACTIVATIONS;

/** A function between the two matrices of a feed-forward layer. */
export type ActivationFunction = (typeof ACTIVATIONS)[Activation]["function"];
export const ACTIVATION_FUNCTIONS: readonly ActivationFunction[] = [
	...new Set(Object.values(ACTIVATIONS).map((activation) => activation.function)),
];

/** What a training pass keeps activations as: 32-bit floats, or 16-bit ones where only products read them. */
export const STORAGES = ["f32", "f16"] as const;
export const [DEFAULT_STORAGE, ...OTHER_STORAGES] = STORAGES;
export type ActivationStorage = (typeof STORAGES)[number];

/** How initial deviations, learning rates and multipliers depend on the width; see `parametrization.ts`. */
export const PARAMETRIZATIONS = ["standard", "mup"] as const;
export type Parametrization = (typeof PARAMETRIZATIONS)[number];

/** The names of a table of choices, in order. */
export function namesOf<Name extends string>(choices: Readonly<Record<Name, unknown>>): readonly Name[] {
	return Object.keys(choices) as Name[];
}
