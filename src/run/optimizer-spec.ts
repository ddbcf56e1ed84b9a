import type { Decay, OptimizerKind } from "./choices.ts";

/**
 * What turns gradients into updates, after clipping by the global gradient norm; `optimizer.wgsl` and `muon.wgsl` have the
 * formulas.
 */
export interface OptimizerSpec {
	kind: OptimizerKind;
	/** Peak learning rate. */
	learningRate: number;
	/** SGD's momentum; Muon's, too, whose authors use 0.95. */
	beta1: number;
	/** Not used by SGD. */
	beta2: number;
	/** Used by AdamW alone, and by Muon where it trains vectors and embeddings. */
	epsilon: number;
	/** Decay of the weights themselves; applies to matrices. */
	weightDecay: number;
	/**
	 * The share of a weight that each step removes: "coupled" weightDecay · rate, as in PyTorch; "independent" weightDecay ·
	 * (rate / peak rate), so that the peak can be tuned on its own (Wortsman et al. 2023; Porian et al. 2024).
	 */
	decay: Decay;
	/** Largest global gradient norm. */
	clip: number;
}
