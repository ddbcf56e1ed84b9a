/**
 * The choices of a run besides its model's (`src/architecture/choices.ts`), one constant for each. Types, the study's
 * schema, the reader of records, the page's form, the kernels and the memory estimate all take them from here.
 */

/**
 * Optimizers, the moments they keep of each parameter, and whether they orthogonalize the steps of matrices inside the blocks.
 * Each has a function `<name>_segment` in `shaders/optimizer.wgsl`, where each moment is a buffer; checkpoints hold the moments
 * under the same names.
 */
export const OPTIMIZERS = {
	/** Loshchilov & Hutter 2019. */
	adamw: { moments: ["m", "v"], orthogonal: false },
	/** SGD with momentum β₁. */
	sgd: { moments: ["m"], orthogonal: false },
	/** Chen et al. 2023. */
	lion: { moments: ["m"], orthogonal: false },
	/**
	 * Muon (Jordan et al. 2024): each linear map inside the blocks moves by the orthogonal matrix nearest to its Nesterov
	 * momentum β₁, found by five Newton–Schulz iterations; embeddings, head, gains and biases train by AdamW. Both share one
	 * learning rate, because steps are scaled by 0.2·√max(rows, columns) (Liu et al. 2025, "Muon is scalable for LLM
	 * training", section 2.2): their entries are then about as large as AdamW's, so rates and weight decays carry over.
	 * Here `v` of such a matrix holds the direction of its last step.
	 */
	muon: { moments: ["m", "v"], orthogonal: true },
} as const satisfies Record<string, { moments: readonly string[]; orthogonal: boolean }>;
export type OptimizerKind = keyof typeof OPTIMIZERS;
export const DEFAULT_OPTIMIZER: OptimizerKind = "adamw";

/** A running mean that an optimizer keeps of every parameter's gradients. */
export type Moment = (typeof OPTIMIZERS)[OptimizerKind]["moments"][number];

/** The moments of an optimizer. */
export function momentsOf(kind: OptimizerKind): readonly Moment[] {
	return OPTIMIZERS[kind].moments;
}

/** What the memory of an optimizer depends on. */
export function optimizerMemory(kind: OptimizerKind): { moments: number; orthogonal: boolean } {
	const { moments, orthogonal } = OPTIMIZERS[kind];
	return { moments: moments.length, orthogonal };
}

/** What weight decay is multiplied by: the learning rate, or the rate's share of its peak. */
export const DECAYS = ["coupled", "independent"] as const;
export type Decay = (typeof DECAYS)[number];

/** Schedules of the learning rate (`rateShare` has the formulas), and whether they fall to a floor of their own. */
export const SCHEDULES = {
	constant: { falls: false },
	linear: { falls: true },
	cosine: { falls: true },
	"inverse-sqrt": { falls: true },
	/** Warmup, stable, decay. */
	wsd: { falls: true },
	piecewise: { falls: false },
} as const;
export type ScheduleKind = keyof typeof SCHEDULES;

/** Shapes of the last part of a "wsd" schedule. */
export const COOLDOWNS = ["linear", "1-sqrt"] as const;
export type Cooldown = (typeof COOLDOWNS)[number];
export const DEFAULT_COOLDOWN: Cooldown = "1-sqrt";

/**
 * How training sequences are drawn. `with-replacement`: starting at uniformly random tokens, so sequences may overlap.
 * `epochs`: the stream is cut into adjacent sequences, and each epoch reads all of them once, in its own random order.
 */
export const SAMPLINGS = ["with-replacement", "epochs"] as const;
export const [DEFAULT_SAMPLING, ...OTHER_SAMPLINGS] = SAMPLINGS;
export type Sampling = (typeof SAMPLINGS)[number];

/**
 * How a run can end: trained to its last step, frozen where a loss or a gradient became too large or not a number, or stopped
 * early because other learning rates were clearly better.
 */
export const RUN_STATUSES = ["finished", "diverged", "stopped"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
