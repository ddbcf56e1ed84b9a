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

/** A matrix whose columns are those of several linear maps side by side. */
export interface SideBySide {
	rows: number;
	/** Columns of each map. */
	maps: readonly number[];
}

/** A·B of A [rows, inner] and B [inner, columns]. */
function product(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number): Float64Array {
	const out = new Float64Array(rows * columns);
	for (let i = 0; i < rows; i++)
		for (let j = 0; j < columns; j++)
			for (let k = 0; k < inner; k++) out[i * columns + j]! += a[i * inner + k]! * b[k * columns + j]!;
	return out;
}

function transposed(a: Float64Array, rows: number, columns: number): Float64Array {
	return Float64Array.from({ length: a.length }, (_, i) => a[(i % rows) * columns + Math.floor(i / rows)]!);
}

/**
 * About the orthogonal matrix U·Vᵀ of X = U·S·Vᵀ [rows, columns], by five iterations X ← a·X + (b·A + c·A²)·X, A = X·Xᵀ, from
 * X/(‖X‖ + 1e-7), of the transposed matrix if rows > columns (Jordan et al. 2024). Singular values become 0.7 to 1.2.
 */
export function newtonSchulz(x: Float64Array, rows: number, columns: number): Float64Array {
	if (rows > columns) return transposed(newtonSchulz(transposed(x, rows, columns), columns, rows), columns, rows);
	const norm = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
	let y = x.map((value) => value / (norm + 1e-7));
	for (let iteration = 0; iteration < 5; iteration++) {
		const a = product(y, transposed(y, rows, columns), rows, columns, rows);
		const squared = product(a, a, rows, rows, rows);
		const b = a.map((value, i) => -4.775 * value + 2.0315 * squared[i]!);
		const by = product(b, y, rows, rows, columns);
		y = y.map((value, i) => 3.4445 * value + by[i]!);
	}
	return y;
}

/**
 * One step of Muon in place, of a matrix [rows, Σ maps] each of whose maps is orthogonalized on its own. `direction` receives
 * 0.2·√max(rows, columns) · newtonSchulz(β1·m + (1 − β1)·g), m ← β1·m + (1 − β1)·g, by which p moves after decay.
 */
export function muon(
	param: Float64Array,
	grad: Numbers,
	m: Float64Array,
	direction: Float64Array,
	{ rows, maps }: SideBySide,
	{ learningRate, beta1, weightDecay, shrink = learningRate * weightDecay }: AdamWSettings,
): void {
	const all = maps.reduce((a, b) => a + b, 0);
	let first = 0;
	for (const columns of maps) {
		const places = Array.from(
			{ length: rows * columns },
			(_, i) => Math.floor(i / columns) * all + first + (i % columns),
		);
		for (const i of places) m[i] = beta1 * m[i]! + (1 - beta1) * grad[i]!;
		const u = Float64Array.from(places, (i) => beta1 * m[i]! + (1 - beta1) * grad[i]!);
		const orthogonal = newtonSchulz(u, rows, columns);
		for (const [j, i] of places.entries()) {
			direction[i] = 0.2 * Math.sqrt(Math.max(rows, columns)) * orthogonal[j]!;
			param[i] = param[i]! * (1 - shrink) - learningRate * direction[i]!;
		}
		first += columns;
	}
}
