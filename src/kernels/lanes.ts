/** Register tile of the matrix kernels: an invocation owns TILE × TILE results. */
export const TILE = 8;

/** Whether rows of these lengths can be read four entries at a time. */
export function vectorised(...lengths: number[]): boolean {
	return lengths.every((length) => length % 4 === 0);
}

/** WGSL in front of a kernel: its element type (four entries or one) and its register tile. */
export function lanesHeader(vector: boolean): string {
	return vector ? VECTOR : SCALAR;
}

const VECTOR = `alias Vec = vec4f;
const LANES = 4u;
const TILE = ${TILE}u;
const COLS = ${TILE / 4}u;
fn at(v: Vec, lane: u32) -> f32 { return v[lane]; }
fn total(v: Vec) -> f32 { return (v.x + v.y) + (v.z + v.w); }
fn add_dot(a: Vec, b: Vec, sum: f32) -> f32 {
	return fma(a.x, b.x, fma(a.y, b.y, fma(a.z, b.z, fma(a.w, b.w, sum))));
}`;

const SCALAR = `alias Vec = f32;
const LANES = 1u;
const TILE = ${TILE}u;
const COLS = ${TILE}u;
fn at(v: Vec, lane: u32) -> f32 { return v; }
fn total(v: Vec) -> f32 { return v; }
fn add_dot(a: Vec, b: Vec, sum: f32) -> f32 { return fma(a, b, sum); }`;

/** Workgroups of 64 invocations for `count` of them. */
export function groups(count: number): number {
	return Math.ceil(count / 64);
}

/** WGSL for weights that are read four or one at a time along their last axis, at addresses that a workgroup shares. */
export function weightHeader(vector: boolean): string {
	return `alias Weight = ${vector ? "vec4f" : "f32"};
const LANES = ${vector ? 4 : 1}u;
fn at(a: Weight, lane: u32) -> f32 { return ${vector ? "a[lane]" : "a"}; }`;
}
