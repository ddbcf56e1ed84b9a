/**
 * The operations of a GPT-2 training step in float64, one run, forward and backward: what the GPU kernels are tested against.
 * Tensors are flat and row-major; a docstring's `x[M,C]` gives the shape. Dimensions that the arguments' lengths decide are
 * derived from them. The gradient of the loss with respect to `x` is `dx`.
 */

export { type AdamWSettings, adamw, clipScale, gradientNorm, lion, muon, sgd } from "./optimizer.ts";

export type Numbers = ArrayLike<number>;

/** `length / divisor`, which must be a whole number. Throws a RangeError that names `what`. */
function rows(what: string, length: number, divisor: number): number {
	const quotient = length / divisor;
	if (Number.isInteger(quotient)) return quotient;
	throw new RangeError(`${what} has ${length} values, one row has ${divisor}; rows must be whole`);
}

/** x[b,t] = wte[tokens[b,t]] + wpe[t]. tokens[B,T], wte[V,C], wpe[T,C] → x[B,T,C]. */
export function embedding(tokens: Numbers, wte: Numbers, wpe: Numbers, width: number): Float64Array {
	const context = rows("wpe", wpe.length, width);
	rows("tokens", tokens.length, context);
	const x = new Float64Array(tokens.length * width);
	for (let m = 0; m < tokens.length; m++) {
		const from = tokens[m]! * width;
		const position = (m % context) * width;
		for (let c = 0; c < width; c++) x[m * width + c] = wte[from + c]! + wpe[position + c]!;
	}
	return x;
}

/** dwte[v] = Σ of dx[b,t] where tokens[b,t] = v; dwpe[t] = Σ_b dx[b,t]. dx[B,T,C] → dwte[V,C], dwpe[T,C]. */
export function embeddingBackward(dx: Numbers, tokens: Numbers, vocabulary: number, context: number) {
	const width = rows("dx", dx.length, tokens.length);
	rows("tokens", tokens.length, context);
	const dwte = new Float64Array(vocabulary * width);
	const dwpe = new Float64Array(context * width);
	for (let m = 0; m < tokens.length; m++) {
		const to = tokens[m]! * width;
		const position = (m % context) * width;
		for (let c = 0; c < width; c++) {
			const d = dx[m * width + c]!;
			dwte[to + c]! += d;
			dwpe[position + c]! += d;
		}
	}
	return { dwte, dwpe };
}

/**
 * y = x̂·gamma + beta with x̂ = (x − mean)·rstd, rstd = 1/√(variance + eps); mean and (biased) variance over C.
 * x[M,C], gamma[C], beta[C] → y[M,C], mean[M], rstd[M].
 */
export function layerNorm(x: Numbers, gamma: Numbers, beta: Numbers, eps = 1e-5) {
	const C = gamma.length;
	const M = rows("x", x.length, C);
	const y = new Float64Array(M * C);
	const mean = new Float64Array(M);
	const rstd = new Float64Array(M);
	for (let m = 0; m < M; m++) {
		let sum = 0;
		for (let c = 0; c < C; c++) sum += x[m * C + c]!;
		const mu = sum / C;
		let squares = 0;
		for (let c = 0; c < C; c++) squares += (x[m * C + c]! - mu) ** 2;
		const r = 1 / Math.sqrt(squares / C + eps);
		for (let c = 0; c < C; c++) y[m * C + c] = (x[m * C + c]! - mu) * r * gamma[c]! + beta[c]!;
		mean[m] = mu;
		rstd[m] = r;
	}
	return { y, mean, rstd };
}

/**
 * With x̂ = (x − mean)·rstd and g = dy·gamma: dx = rstd·(g − mean_c(g) − x̂·mean_c(g·x̂)); dgamma = Σ_m dy·x̂; dbeta = Σ_m dy.
 * dy[M,C], x[M,C], gamma[C], mean[M], rstd[M] → dx[M,C], dgamma[C], dbeta[C].
 */
export function layerNormBackward(dy: Numbers, x: Numbers, gamma: Numbers, mean: Numbers, rstd: Numbers) {
	const C = gamma.length;
	const M = rows("x", x.length, C);
	const dx = new Float64Array(M * C);
	const dgamma = new Float64Array(C);
	const dbeta = new Float64Array(C);
	for (let m = 0; m < M; m++) {
		const r = rstd[m]!;
		let meanG = 0;
		let meanGX = 0;
		for (let c = 0; c < C; c++) {
			const d = dy[m * C + c]!;
			const xhat = (x[m * C + c]! - mean[m]!) * r;
			meanG += (d * gamma[c]!) / C;
			meanGX += (d * gamma[c]! * xhat) / C;
			dgamma[c]! += d * xhat;
			dbeta[c]! += d;
		}
		for (let c = 0; c < C; c++) {
			const xhat = (x[m * C + c]! - mean[m]!) * r;
			dx[m * C + c] = r * (dy[m * C + c]! * gamma[c]! - meanG - xhat * meanGX);
		}
	}
	return { dx, dgamma, dbeta };
}

/** y = x·rstd·gamma, rstd = 1/√(mean of x² + eps) over C (Zhang & Sennrich 2019). x[M,C], gamma[C] → y[M,C], mean[M] = 0, rstd[M]. */
export function rmsNorm(x: Numbers, gamma: Numbers, eps = 1e-5) {
	const C = gamma.length;
	const M = rows("x", x.length, C);
	const y = new Float64Array(M * C);
	const rstd = new Float64Array(M);
	for (let m = 0; m < M; m++) {
		let squares = 0;
		for (let c = 0; c < C; c++) squares += x[m * C + c]! ** 2;
		rstd[m] = 1 / Math.sqrt(squares / C + eps);
		for (let c = 0; c < C; c++) y[m * C + c] = x[m * C + c]! * rstd[m]! * gamma[c]!;
	}
	return { y, mean: new Float64Array(M), rstd };
}

/** With n = x·rstd and g = dy·gamma: dx = rstd·(g − n·mean_c(g·n)); dgamma = Σ_m dy·n. Shapes as for `rmsNorm`. */
export function rmsNormBackward(dy: Numbers, x: Numbers, gamma: Numbers, rstd: Numbers) {
	const C = gamma.length;
	const M = rows("x", x.length, C);
	const dx = new Float64Array(M * C);
	const dgamma = new Float64Array(C);
	for (let m = 0; m < M; m++) {
		const n = (c: number) => x[m * C + c]! * rstd[m]!;
		let meanGN = 0;
		for (let c = 0; c < C; c++) {
			meanGN += (dy[m * C + c]! * gamma[c]! * n(c)) / C;
			dgamma[c]! += dy[m * C + c]! * n(c);
		}
		for (let c = 0; c < C; c++) dx[m * C + c] = rstd[m]! * (dy[m * C + c]! * gamma[c]! - n(c) * meanGN);
	}
	return { dx, dgamma };
}

/** y = x·w + b, weights stored [in, out] as GPT-2 does. x[M,K], w[K,N], b[N] → y[M,N]. */
export function linear(x: Numbers, w: Numbers, b: Numbers): Float64Array {
	const N = b.length;
	const K = rows("w", w.length, N);
	const M = rows("x", x.length, K);
	const y = new Float64Array(M * N);
	for (let m = 0; m < M; m++) {
		for (let n = 0; n < N; n++) y[m * N + n] = b[n]!;
		for (let k = 0; k < K; k++) {
			const value = x[m * K + k]!;
			for (let n = 0; n < N; n++) y[m * N + n]! += value * w[k * N + n]!;
		}
	}
	return y;
}

/** dx = dy·wᵀ; dw = xᵀ·dy; db = Σ_m dy. dy[M,N], x[M,K], w[K,N], N → dx[M,K], dw[K,N], db[N]. */
export function linearBackward(dy: Numbers, x: Numbers, w: Numbers, N: number) {
	const K = rows("w", w.length, N);
	const M = rows("x", x.length, K);
	const dx = new Float64Array(M * K);
	const dw = new Float64Array(K * N);
	const db = new Float64Array(N);
	for (let m = 0; m < M; m++) {
		for (let n = 0; n < N; n++) db[n]! += dy[m * N + n]!;
		for (let k = 0; k < K; k++) {
			const value = x[m * K + k]!;
			let sum = 0;
			for (let n = 0; n < N; n++) {
				const d = dy[m * N + n]!;
				sum += d * w[k * N + n]!;
				dw[k * N + n]! += value * d;
			}
			dx[m * K + k] = sum;
		}
	}
	return { dx, dw, db };
}

const GELU_SCALE = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

/** GELU by its tanh approximation: u/2·(1 + tanh(√(2/π)·(u + 0.044715·u³))), element by element. */
export function gelu(u: Numbers): Float64Array {
	return Float64Array.from(u, (v) => 0.5 * v * (1 + Math.tanh(GELU_SCALE * (v + GELU_CUBIC * v ** 3))));
}

/** du = dy·gelu′(u), gelu′(u) = (1 + t)/2 + u/2·(1 − t²)·√(2/π)·(1 + 3·0.044715·u²), t the tanh of the forward pass. */
export function geluBackward(dy: Numbers, u: Numbers): Float64Array {
	return Float64Array.from(u, (v, i) => {
		const t = Math.tanh(GELU_SCALE * (v + GELU_CUBIC * v ** 3));
		return dy[i]! * (0.5 * (1 + t) + 0.5 * v * (1 - t * t) * GELU_SCALE * (1 + 3 * GELU_CUBIC * v * v));
	});
}

/** max(0, u)², element by element (So et al. 2021). */
export function relu2(u: Numbers): Float64Array {
	return Float64Array.from(u, (v) => Math.max(0, v) ** 2);
}

/** du = dy·2·max(0, u). */
export function relu2Backward(dy: Numbers, u: Numbers): Float64Array {
	return Float64Array.from(u, (v, i) => dy[i]! * 2 * Math.max(0, v));
}

/** u·σ(u) with σ(u) = 1/(1 + exp(−u)), element by element (Elfwing et al. 2017). */
export function silu(u: Numbers): Float64Array {
	return Float64Array.from(u, (v) => v / (1 + Math.exp(-v)));
}

/** du = dy·σ(u)·(1 + u·(1 − σ(u))). */
export function siluBackward(dy: Numbers, u: Numbers): Float64Array {
	return Float64Array.from(u, (v, i) => {
		const s = 1 / (1 + Math.exp(-v));
		return dy[i]! * s * (1 + v * (1 - s));
	});
}

/** y = silu(gate)·up (Shazeer 2020), element by element. */
export function gated(gate: Numbers, up: Numbers): Float64Array {
	return silu(gate).map((value, i) => value * up[i]!);
}

/** dgate = dy·up·silu′(gate); dup = dy·silu(gate). */
export function gatedBackward(dy: Numbers, gate: Numbers, up: Numbers) {
	return {
		dgate: siluBackward(
			Float64Array.from(dy, (d, i) => d * up[i]!),
			gate,
		),
		dup: silu(gate).map((value, i) => value * dy[i]!),
	};
}

/**
 * Turns heads by their position t (Su et al. 2021), entries d and d + D/2 of a head as a pair, as Llama does:
 * (a, b) → (a·cos − b·sin, b·cos + a·sin) at the angle t·10000^(−2d/D); `direction` −1 turns back, which is also the
 * gradient's way. x[B·T, heads, D], T = context.
 */
export function rotary(x: Numbers, context: number, heads: number, D: number, direction: 1 | -1 = 1): Float64Array {
	const y = new Float64Array(x.length);
	for (let row = 0; row < rows("x", x.length, heads * D); row++)
		for (let h = 0; h < heads; h++)
			for (let d = 0; d < D / 2; d++) {
				const angle = direction * (row % context) * 10000 ** ((-2 * d) / D);
				const [i, j] = [(row * heads + h) * D + d, (row * heads + h) * D + d + D / 2];
				y[i] = x[i]! * Math.cos(angle) - x[j]! * Math.sin(angle);
				y[j] = x[j]! * Math.cos(angle) + x[i]! * Math.sin(angle);
			}
	return y;
}

/**
 * Queries and keys before attention: with `gains` an RMS norm of each head (Henry et al. 2020; Qwen3), then, with a
 * context, turned by their positions. raw, qkv[M,(heads + 2·keyValueHeads)·D]; gains q[D], k[D]; rstd[M,heads + keyValueHeads].
 */
export function queryKey(
	raw: Numbers,
	{ heads, keyValueHeads, headSize: D }: { heads: number; keyValueHeads: number; headSize: number },
	gains?: { q: Numbers; k: Numbers },
	context?: number,
) {
	const all = heads + 2 * keyValueHeads;
	const M = rows("raw", raw.length, all * D);
	let qkv = Float64Array.from(raw);
	const rstd = new Float64Array(M * (heads + keyValueHeads));
	for (let m = 0; gains && m < M; m++)
		for (let h = 0; h < heads + keyValueHeads; h++) {
			const at = (m * all + h) * D;
			const normed = rmsNorm(qkv.slice(at, at + D), h < heads ? gains.q : gains.k);
			qkv.set(normed.y, at);
			rstd[m * (heads + keyValueHeads) + h] = normed.rstd[0]!;
		}
	if (context) {
		const turned = rotary(qkv, context, all, D);
		qkv = qkv.map((value, i) => (Math.floor(i / D) % all < heads + keyValueHeads ? turned[i]! : value));
	}
	return { qkv, rstd };
}

/** The way back: draw, and the gradients dq and dk of the gains. */
export function queryKeyBackward(
	dqkv: Numbers,
	raw: Numbers,
	{ heads, keyValueHeads, headSize: D }: { heads: number; keyValueHeads: number; headSize: number },
	gains?: { q: Numbers; k: Numbers },
	context?: number,
) {
	const all = heads + 2 * keyValueHeads;
	const M = rows("raw", raw.length, all * D);
	const isValue = (i: number) => Math.floor(i / D) % all >= heads + keyValueHeads;
	let draw = Float64Array.from(dqkv);
	if (context) {
		const turned = rotary(dqkv, context, all, D, -1);
		draw = draw.map((value, i) => (isValue(i) ? value : turned[i]!));
	}
	const [dq, dk] = [new Float64Array(D), new Float64Array(D)];
	for (let m = 0; gains && m < M; m++)
		for (let h = 0; h < heads + keyValueHeads; h++) {
			const at = (m * all + h) * D;
			const [x, gain] = [Float64Array.from({ length: D }, (_, d) => raw[at + d]!), h < heads ? gains.q : gains.k];
			const { dx, dgamma } = rmsNormBackward(draw.slice(at, at + D), x, gain, rmsNorm(x, gain).rstd);
			draw.set(dx, at);
			for (let d = 0; d < D; d++) (h < heads ? dq : dk)[d]! += dgamma[d]!;
		}
	return { draw, dq, dk };
}

/** The sizes of attention. Of `heads` queries, heads / keyValueHeads neighbors share a key and a value. */
export interface AttentionShape {
	context: number;
	heads: number;
	keyValueHeads: number;
	/** D */
	headSize: number;
	/** What products of queries and keys are multiplied by. */
	scale: number;
}

/** Where queries, keys and values of a row m and a head begin. */
function attentionPlaces({ heads, keyValueHeads, headSize: D }: AttentionShape) {
	const across = (heads + 2 * keyValueHeads) * D;
	const shared = rows("heads", heads, keyValueHeads);
	const key = (m: number, h: number) => m * across + (heads + Math.floor(h / shared)) * D;
	return {
		across,
		q: (m: number, h: number) => m * across + h * D,
		k: key,
		v: (m: number, h: number) => key(m, h) + keyValueHeads * D,
		o: (m: number, h: number) => (m * heads + h) * D,
	};
}

/**
 * Causal attention with grouped queries (Ainslie et al. 2023). Along qkv's last axis: q [heads, D], k and v
 * [keyValueHeads, D]. s[i,j] = scale·q_i·k_j for j ≤ i; lse_i = log Σ_j exp s[i,j]; o_i = Σ_j exp(s[i,j] − lse_i)·v_j.
 * qkv[B,T,(heads + 2·keyValueHeads)·D], T = context → o[B,T,heads·D], lse[B,heads,T].
 */
export function attention(qkv: Numbers, shape: AttentionShape) {
	const { context, heads, headSize: D, scale } = shape;
	const at = attentionPlaces(shape);
	const B = rows("qkv", qkv.length, context * at.across);
	const o = new Float64Array(B * context * heads * D);
	const lse = new Float64Array(B * heads * context);
	const s = new Float64Array(context);
	for (let b = 0; b < B; b++) {
		for (let h = 0; h < heads; h++) {
			for (let i = 0; i < context; i++) {
				const q = at.q(b * context + i, h);
				let max = -Infinity;
				for (let j = 0; j <= i; j++) {
					const k = at.k(b * context + j, h);
					let dot = 0;
					for (let d = 0; d < D; d++) dot += qkv[q + d]! * qkv[k + d]!;
					s[j] = dot * scale;
					max = Math.max(max, s[j]!);
				}
				let sum = 0;
				for (let j = 0; j <= i; j++) sum += Math.exp(s[j]! - max);
				const logSum = max + Math.log(sum);
				lse[(b * heads + h) * context + i] = logSum;
				const to = at.o(b * context + i, h);
				for (let j = 0; j <= i; j++) {
					const v = at.v(b * context + j, h);
					const p = Math.exp(s[j]! - logSum);
					for (let d = 0; d < D; d++) o[to + d]! += p * qkv[v + d]!;
				}
			}
		}
	}
	return { o, lse };
}

/**
 * With P[i,j] = exp(s[i,j] − lse_i) and δ_i = do_i·o_i: dv_j = Σ_i P[i,j]·do_i; dS[i,j] = P[i,j]·(do_i·v_j − δ_i);
 * dq_i = scale·Σ_j dS[i,j]·k_j; dk_j = scale·Σ_i dS[i,j]·q_i; sums of k and v run over the queries that share them too.
 * dout (the gradient of o), qkv, o and lse as for `attention` → dqkv.
 */
export function attentionBackward(
	dout: Numbers,
	qkv: Numbers,
	o: Numbers,
	lse: Numbers,
	shape: AttentionShape,
): Float64Array {
	const { context, heads, headSize: D, scale } = shape;
	const at = attentionPlaces(shape);
	const B = rows("qkv", qkv.length, context * at.across);
	const dqkv = new Float64Array(qkv.length);
	for (let b = 0; b < B; b++) {
		for (let h = 0; h < heads; h++) {
			for (let i = 0; i < context; i++) {
				const q = at.q(b * context + i, h);
				const from = at.o(b * context + i, h);
				const logSum = lse[(b * heads + h) * context + i]!;
				let delta = 0;
				for (let d = 0; d < D; d++) delta += dout[from + d]! * o[from + d]!;
				for (let j = 0; j <= i; j++) {
					const k = at.k(b * context + j, h);
					const v = at.v(b * context + j, h);
					let score = 0;
					let dp = 0;
					for (let d = 0; d < D; d++) {
						score += qkv[q + d]! * qkv[k + d]!;
						dp += dout[from + d]! * qkv[v + d]!;
					}
					const p = Math.exp(score * scale - logSum);
					const ds = p * (dp - delta) * scale;
					for (let d = 0; d < D; d++) {
						dqkv[q + d]! += ds * qkv[k + d]!;
						dqkv[k + d]! += ds * qkv[q + d]!;
						dqkv[v + d]! += p * dout[from + d]!;
					}
				}
			}
		}
	}
	return dqkv;
}

/**
 * Logits z[m,v] = x_m·w_v (no bias); lse_m = log Σ_v exp z[m,v]; loss_m = lse_m − z[m, targets_m], in nats.
 * x[M,C], w[V,C], targets[M] → loss[M] (one per token, not averaged), lse[M].
 */
export function head(x: Numbers, w: Numbers, targets: Numbers) {
	const M = targets.length;
	const C = rows("x", x.length, M);
	const V = rows("w", w.length, C);
	const loss = new Float64Array(M);
	const lse = new Float64Array(M);
	const z = new Float64Array(V);
	for (let m = 0; m < M; m++) {
		let max = -Infinity;
		for (let v = 0; v < V; v++) {
			let dot = 0;
			for (let c = 0; c < C; c++) dot += x[m * C + c]! * w[v * C + c]!;
			z[v] = dot;
			max = Math.max(max, dot);
		}
		let sum = 0;
		for (let v = 0; v < V; v++) sum += Math.exp(z[v]! - max);
		lse[m] = max + Math.log(sum);
		loss[m] = lse[m]! - z[targets[m]!]!;
	}
	return { loss, lse };
}

/**
 * Gradients of `tokenWeight`·Σ_m loss_m; by default the mean over these M tokens. Under gradient accumulation, pass
 * 1/(tokens of the whole step). dz[m,v] = tokenWeight·(exp(z[m,v] − lse_m) − [v = targets_m]); dx = dz·w; dw = dzᵀ·x.
 * x[M,C], w[V,C], targets[M], lse[M] → dx[M,C], dw[V,C].
 */
export function headBackward(x: Numbers, w: Numbers, targets: Numbers, lse: Numbers, tokenWeight = 1 / targets.length) {
	const M = targets.length;
	const C = rows("x", x.length, M);
	const V = rows("w", w.length, C);
	const dx = new Float64Array(M * C);
	const dw = new Float64Array(V * C);
	for (let m = 0; m < M; m++) {
		for (let v = 0; v < V; v++) {
			let dot = 0;
			for (let c = 0; c < C; c++) dot += x[m * C + c]! * w[v * C + c]!;
			const dz = tokenWeight * (Math.exp(dot - lse[m]!) - (v === targets[m] ? 1 : 0));
			for (let c = 0; c < C; c++) {
				dx[m * C + c]! += dz * w[v * C + c]!;
				dw[v * C + c]! += dz * x[m * C + c]!;
			}
		}
	}
	return { dx, dw };
}
