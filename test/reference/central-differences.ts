/**
 * d f()/d x[i] for each i of `indices` by central differences of order 4, f reading `x`: (8·(f(+h) − f(−h)) − (f(+2h) − f(−2h)))/12h.
 * Truncation ~h⁴, rounding ~1e-16·|f|/h: with h = 1e-3 both are near 1e-13 for values near 1. Leaves `x` as it was.
 */
export function centralDifferences(
	f: () => number,
	x: Float64Array,
	indices: Iterable<number> = x.keys(),
	h = 1e-3,
): Float64Array {
	return Float64Array.from(indices, (i) => {
		const value = x[i]!;
		const at = (offset: number) => {
			x[i] = value + offset;
			return f();
		};
		const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
		x[i] = value;
		return slope;
	});
}
