/**
 * SciPy's `minimize(method="L-BFGS-B")` without bounds, at its default tolerances (Zhu et al. 1997; line search of Moré &
 * Thuente 1994): to repeat what a published fit did, early stops included. It ends when the value falls by less than
 * 2.2e-9 · max(|f|, 1), or no entry of the gradient exceeds 1e-5.
 */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

const MEMORY = 10;
const FACTOR = 1e7 * 2 ** -52;
const GRADIENT = 1e-5;

export function scipyLbfgs(f: Objective, start: Float64Array): { x: Float64Array; value: number } {
	const n = start.length;
	let x: Float64Array = start.slice();
	let gradient: Float64Array = new Float64Array(n);
	let value = f(x, gradient);
	let pairs: { s: Float64Array; y: Float64Array; sy: number }[] = [];
	for (let iteration = 0; iteration < 15_000; iteration++) {
		if (gradient.every((g) => Math.abs(g) <= GRADIENT)) break;
		let direction: Float64Array = twoLoops(gradient, pairs);
		if (!(dot(direction, gradient) < 0)) {
			pairs = [];
			direction = gradient.map((g) => -g);
		}
		const first = pairs.length === 0 && iteration === 0 ? Math.min(1, 1 / Math.sqrt(dot(direction, direction))) : 1;
		const found = moreThuente(f, x, value, gradient, direction, first);
		if (!found) {
			if (pairs.length === 0) break;
			pairs = [];
			continue;
		}
		const s = found.x.map((v, i) => v - x[i]!);
		const y = found.gradient.map((v, i) => v - gradient[i]!);
		const sy = dot(s, y);
		const previous = value;
		({ x, value, gradient } = found);
		if (gradient.every((g) => Math.abs(g) <= GRADIENT)) break;
		if (previous - value <= FACTOR * Math.max(Math.abs(previous), Math.abs(value), 1)) break;
		if (sy > 2 ** -52 * dot(y, y)) pairs.push({ s, y, sy });
		if (pairs.length > MEMORY) pairs.shift();
	}
	return { x, value };
}

function twoLoops(gradient: Float64Array, pairs: { s: Float64Array; y: Float64Array; sy: number }[]): Float64Array {
	const q = gradient.slice();
	const weights: number[] = [];
	for (let k = pairs.length - 1; k >= 0; k--) {
		const { s, y, sy } = pairs[k]!;
		weights[k] = dot(s, q) / sy;
		for (let i = 0; i < q.length; i++) q[i]! -= weights[k]! * y[i]!;
	}
	const last = pairs.at(-1);
	if (last) {
		const scale = last.sy / dot(last.y, last.y);
		for (let i = 0; i < q.length; i++) q[i]! *= scale;
	}
	for (const [k, { s, y, sy }] of pairs.entries()) {
		const change = weights[k]! - dot(y, q) / sy;
		for (let i = 0; i < q.length; i++) q[i]! += change * s[i]!;
	}
	return q.map((v) => -v);
}

/** MINPACK-2's dcsrch with L-BFGS-B's tolerances: sufficient decrease 1e-3, curvature 0.9, interval 0.1. */
function moreThuente(
	f: Objective,
	x: Float64Array,
	f0: number,
	g0: Float64Array,
	direction: Float64Array,
	first: number,
): { x: Float64Array; value: number; gradient: Float64Array } | null {
	const d0 = dot(g0, direction);
	const test = 1e-3 * d0;
	const most = 1e10;
	let bracketed = false;
	let stage = 1;
	let width = most;
	let width1 = 2 * width;
	let [stx, fx, dx] = [0, f0, d0];
	let [sty, fy, dy] = [0, f0, d0];
	let step = first;
	let low = 0;
	let high = step + 4 * step;
	for (let evaluation = 0; evaluation < 20; evaluation++) {
		const gradient = new Float64Array(x.length);
		const at = x.map((v, i) => v + step * direction[i]!);
		const value = f(at, gradient);
		if (!Number.isFinite(value)) return null;
		const slope = dot(gradient, direction);
		const bound = f0 + step * test;
		if (stage === 1 && value <= bound && slope >= 0) stage = 2;
		const done =
			(value <= bound && Math.abs(slope) <= 0.9 * -d0) ||
			(bracketed && (step <= low || step >= high)) ||
			(bracketed && high - low <= 0.1 * high) ||
			(step === most && value <= bound && slope <= test);
		if (done) return { x: at, value, gradient };
		const modified = stage === 1 && value <= fx && value > bound;
		const shift = modified ? test : 0;
		const next = dcstep(
			[stx, fx - stx * shift, dx - shift],
			[sty, fy - sty * shift, dy - shift],
			[step, value - step * shift, slope - shift],
			bracketed,
			low,
			high,
		);
		[stx, fx, dx] = [next.x[0], next.x[1] + next.x[0] * shift, next.x[2] + shift];
		[sty, fy, dy] = [next.y[0], next.y[1] + next.y[0] * shift, next.y[2] + shift];
		({ step, bracketed } = next);
		if (bracketed) {
			if (Math.abs(sty - stx) >= 0.66 * width1) step = stx + 0.5 * (sty - stx);
			width1 = width;
			width = Math.abs(sty - stx);
			low = Math.min(stx, sty);
			high = Math.max(stx, sty);
		} else {
			low = step + 1.1 * (step - stx);
			high = step + 4 * (step - stx);
		}
		step = Math.min(most, Math.max(0, step));
		if (bracketed && (step <= low || step >= high || high - low <= 0.1 * high)) step = stx;
	}
	return null;
}

/** A trial: step, value, slope. */
type Trial = [number, number, number];

/** The safeguarded cubic or quadratic step of MINPACK-2's dcstep. */
function dcstep(x: Trial, y: Trial, p: Trial, bracketed: boolean, low: number, high: number) {
	const [stx, fx, dx] = x;
	const [sty, fy, dy] = y;
	const [stp, fp, dp] = p;
	const opposite = dp * (dx / Math.abs(dx));
	let step: number;
	let brackets = bracketed;
	if (fp > fx) {
		const theta = (3 * (fx - fp)) / (stp - stx) + dx + dp;
		const s = Math.max(Math.abs(theta), Math.abs(dx), Math.abs(dp));
		const gamma = s * Math.sqrt((theta / s) ** 2 - (dx / s) * (dp / s)) * (stp < stx ? -1 : 1);
		const r = (gamma - dx + theta) / (gamma - dx + gamma + dp);
		const cubic = stx + r * (stp - stx);
		const quadratic = stx + (dx / ((fx - fp) / (stp - stx) + dx) / 2) * (stp - stx);
		step = Math.abs(cubic - stx) <= Math.abs(quadratic - stx) ? cubic : cubic + (quadratic - cubic) / 2;
		brackets = true;
	} else if (opposite < 0) {
		const theta = (3 * (fx - fp)) / (stp - stx) + dx + dp;
		const s = Math.max(Math.abs(theta), Math.abs(dx), Math.abs(dp));
		const gamma = s * Math.sqrt((theta / s) ** 2 - (dx / s) * (dp / s)) * (stp > stx ? -1 : 1);
		const r = (gamma - dp + theta) / (gamma - dp + gamma + dx);
		const cubic = stp + r * (stx - stp);
		const secant = stp + (dp / (dp - dx)) * (stx - stp);
		step = Math.abs(cubic - stp) > Math.abs(secant - stp) ? cubic : secant;
		brackets = true;
	} else if (Math.abs(dp) < Math.abs(dx)) {
		const theta = (3 * (fx - fp)) / (stp - stx) + dx + dp;
		const s = Math.max(Math.abs(theta), Math.abs(dx), Math.abs(dp));
		const gamma = s * Math.sqrt(Math.max(0, (theta / s) ** 2 - (dx / s) * (dp / s))) * (stp > stx ? -1 : 1);
		const r = (gamma - dp + theta) / (gamma + (dx - dp) + gamma);
		const cubic = r < 0 && gamma !== 0 ? stp + r * (stx - stp) : stp > stx ? high : low;
		const secant = stp + (dp / (dp - dx)) * (stx - stp);
		if (bracketed) {
			step = Math.abs(cubic - stp) < Math.abs(secant - stp) ? cubic : secant;
			const edge = stp + 0.66 * (sty - stp);
			step = stp > stx ? Math.min(edge, step) : Math.max(edge, step);
		} else {
			step = Math.abs(cubic - stp) > Math.abs(secant - stp) ? cubic : secant;
			step = Math.max(low, Math.min(high, step));
		}
	} else if (bracketed) {
		const theta = (3 * (fp - fy)) / (sty - stp) + dy + dp;
		const s = Math.max(Math.abs(theta), Math.abs(dy), Math.abs(dp));
		const gamma = s * Math.sqrt((theta / s) ** 2 - (dy / s) * (dp / s)) * (stp > sty ? -1 : 1);
		const r = (gamma - dp + theta) / (gamma - dp + gamma + dy);
		step = stp + r * (sty - stp);
	} else step = stp > stx ? high : low;
	const [nextX, nextY]: [Trial, Trial] = fp > fx ? [x, p] : [p, opposite < 0 ? x : y];
	return { x: nextX, y: nextY, step, bracketed: brackets };
}

function dot(a: Float64Array, b: Float64Array): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
	return sum;
}
