/** `count` evenly spaced numbers from `from` to `to`. */
export function linspace(from: number, to: number, count: number): number[] {
	return Array.from({ length: count }, (_, i) => (count === 1 ? from : from + ((to - from) * i) / (count - 1)));
}

/** `count` log-spaced numbers from 10^from to 10^to. */
export function logspace(from: number, to: number, count: number): number[] {
	return linspace(from, to, count).map((exponent) => 10 ** exponent);
}

/** A root of a function that changes sign between `low` and `high`, to floating-point precision. */
export function bisect(f: (x: number) => number, low: number, high: number): number {
	const rising = f(high) > f(low);
	let [a, b] = [low, high];
	for (let i = 0; i < 200; i++) {
		const middle = a + (b - a) / 2;
		if (middle === a || middle === b) break;
		if (f(middle) > 0 === rising) b = middle;
		else a = middle;
	}
	return a + (b - a) / 2;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The minimum of a function with one minimum in [low, high], by golden-section search (Kiefer 1953).
 *
 * @param until `tolerance`: stop when the bracket's width relative to its upper end falls below this. `steps`: take this many
 *   steps, even down to rounding; both inner points are then recomputed in every step, because a point kept from the previous
 *   step would drift off the golden ratio.
 */
export function goldenSection(
	f: (x: number) => number,
	low: number,
	high: number,
	until: { tolerance: number } | { steps: number },
): number {
	let [a, b] = [low, high];
	let [left, right] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
	let [atLeft, atRight] = [f(left), f(right)];
	const keeps = "tolerance" in until;
	for (let step = 0; keeps ? b - a > until.tolerance * b : step < until.steps; step++) {
		if (atLeft < atRight || (keeps && atLeft === atRight)) {
			b = right;
			[right, atRight] = [left, atLeft];
			left = b - GOLDEN * (b - a);
			atLeft = f(left);
			if (!keeps) {
				right = a + GOLDEN * (b - a);
				atRight = f(right);
			}
		} else {
			a = left;
			[left, atLeft] = [right, atRight];
			right = a + GOLDEN * (b - a);
			atRight = f(right);
			if (!keeps) {
				left = b - GOLDEN * (b - a);
				atLeft = f(left);
			}
		}
	}
	return (a + b) / 2;
}

/**
 * The lowest interior minimum of a function in a range, located on a grid of `count` points and refined by golden-section
 * search. Null if there is no interior minimum; the ends of the range do not count.
 */
export function minimum(
	f: (x: number) => number,
	low: number,
	high: number,
	count = 400,
): { at: number; value: number } | null {
	const x = linspace(low, high, count);
	const values = x.map(f);
	let best = 0;
	for (let i = 1; i < count - 1; i++) {
		const isMinimum = values[i]! < values[i - 1]! && values[i]! <= values[i + 1]!;
		if (isMinimum && (best === 0 || values[i]! < values[best]!)) best = i;
	}
	if (best === 0) return null;
	const at = goldenSection(f, x[best - 1]!, x[best + 1]!, { steps: 60 });
	return { at, value: f(at) };
}
