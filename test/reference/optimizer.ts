import type { Numbers } from "./ops.ts";

/** The Euclidean norm of all gradients taken together: √(Σ over every tensor and entry of g²). */
export function gradientNorm(grads: Iterable<Numbers>): number {
	let squares = 0;
	for (const grad of grads) for (let i = 0; i < grad.length; i++) squares += grad[i]! ** 2;
	return Math.sqrt(squares);
}

/** What every gradient is multiplied by: min(1, clip/(norm + 1e-6)), as torch.nn.utils.clip_grad_norm_. */
export function clipScale(norm: number, clip: number): number {
	return Math.min(1, clip / (norm + 1e-6));
}

/** Settings of one AdamW update of one tensor; `weightDecay` is 0 for tensors of fewer than two dimensions. */
export interface AdamWSettings {
	learningRate: number;
	beta1: number;
	beta2: number;
	epsilon: number;
	weightDecay: number;
	/** The share that decay takes of a weight; learningRate · weightDecay unless given, as where decay is independent. */
	shrink?: number;
}

/**
 * One AdamW update in place, as torch.optim.AdamW; `step` counts from 1 and `grad` is already clipped.
 * p ← p·(1 − lr·wd); m ← β1·m + (1 − β1)·g; v ← β2·v + (1 − β2)·g²; p ← p − lr·m̂/(√v̂ + ε), m̂ = m/(1 − β1^step), v̂ alike.
 */
export function adamw(
	param: Float64Array,
	grad: Numbers,
	m: Float64Array,
	v: Float64Array,
	step: number,
	{ learningRate, beta1, beta2, epsilon, weightDecay, shrink = learningRate * weightDecay }: AdamWSettings,
): void {
	const correction1 = 1 - beta1 ** step;
	const correction2 = 1 - beta2 ** step;
	for (let i = 0; i < param.length; i++) {
		const g = grad[i]!;
		m[i] = beta1 * m[i]! + (1 - beta1) * g;
		v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
		const decayed = param[i]! * (1 - shrink);
		param[i] = decayed - (learningRate * (m[i]! / correction1)) / (Math.sqrt(v[i]! / correction2) + epsilon);
	}
}

/** One step of SGD with momentum β1, as torch.optim.SGD without dampening, after p ← p·(1 − shrink). `m` is its buffer. */
export function sgd(
	param: Float64Array,
	grad: Numbers,
	m: Float64Array,
	{ learningRate, beta1, weightDecay, shrink = learningRate * weightDecay }: AdamWSettings,
): void {
	for (let i = 0; i < param.length; i++) {
		m[i] = beta1 * m[i]! + grad[i]!;
		param[i] = param[i]! * (1 - shrink) - learningRate * m[i]!;
	}
}

/** One step of Lion (Chen et al. 2023, algorithm 2): the sign of β1·m + (1 − β1)·g moves p; then m takes g in with β2. */
export function lion(
	param: Float64Array,
	grad: Numbers,
	m: Float64Array,
	{ learningRate, beta1, beta2, weightDecay, shrink = learningRate * weightDecay }: AdamWSettings,
): void {
	for (let i = 0; i < param.length; i++) {
		const direction = Math.sign(beta1 * m[i]! + (1 - beta1) * grad[i]!);
		m[i] = beta2 * m[i]! + (1 - beta2) * grad[i]!;
		param[i] = param[i]! * (1 - shrink) - learningRate * direction;
	}
}
