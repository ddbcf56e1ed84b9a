/** Whether rows of this length can be read four entries at a time. */
export function vectorized(length: number): boolean {
	return length % 4 === 0;
}

/** WGSL that reads a layer's weights four or one at a time along their last axis; `at(a, lane)` selects one of them. */
export function weightHeader(vector: boolean): string {
	return vector
		? `alias Weight = vec4f;
const LANES = 4u;
fn at(a: Weight, lane: u32) -> f32 { return a[lane]; }`
		: `alias Weight = f32;
const LANES = 1u;
fn at(a: Weight, lane: u32) -> f32 { return a; }`;
}

/**
 * WGSL that reads four adjacent weights starting at `at`, with 0 after the first `count`, and that writes their gradients or,
 * with ACCUMULATE, adds to them.
 */
export function fourWeightsHeader(vector: boolean): string {
	return vector
		? `alias Weight = vec4f;
alias Gradient = vec4f;
fn read_weights(at: u32, count: u32) -> vec4f { return w[at / 4u]; }
fn put_gradients(at: u32, count: u32, value: vec4f) {
	if (ACCUMULATE) { dw[at / 4u] += value; } else { dw[at / 4u] = value; }
}`
		: `alias Weight = f32;
alias Gradient = f32;
fn read_weights(at: u32, count: u32) -> vec4f {
	return select(vec4f(), vec4f(w[at], w[at + 1u], w[at + 2u], w[at + 3u]), vec4u(0u, 1u, 2u, 3u) < vec4u(count));
}
fn put_gradients(at: u32, count: u32, value: vec4f) {
	for (var j = 0u; j < min(4u, count); j += 1u) {
		if (ACCUMULATE) { dw[at + j] += value[j]; } else { dw[at + j] = value[j]; }
	}
}`;
}
