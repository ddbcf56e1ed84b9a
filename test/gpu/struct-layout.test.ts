import { beforeAll, expect, test } from "vitest";
import { ShaderError } from "../../src/gpu/shader.ts";
import { StructArray, structLayout } from "../../src/gpu/struct-layout.ts";
import { testGpuInstance } from "./open.ts";

// Which sets the globals that WGSL is read with.
beforeAll(() => void testGpuInstance());

const shader = {
	file: "made.wgsl",
	code: `struct Mixed { a: u32, b: f32,
	// a comment; with, punctuation
	c: i32 }
struct Aligned { @align(256) first: f32, second: f32 }
struct Vectors { a: vec4f }
@group(0) @binding(0) var<storage, read_write> mixed: array<Mixed>;
@compute @workgroup_size(LANES) fn run() { mixed[0].b = 1.0; }`,
};

test("members are written by name, each as its type", () => {
	const layout = structLayout(shader, "Mixed");
	expect([layout.names, layout.bytes]).toEqual([["a", "b", "c"], 12]);
	const array = new StructArray(layout, 2);
	array.set(1, { c: -3, b: 0.5, a: 4_000_000_000 });
	expect(array.u32[3]).toBe(4_000_000_000);
	expect(array.f32[4]).toBe(0.5);
	expect(array.i32[5]).toBe(-3);
	expect(Array.from(array.u32.subarray(0, 3))).toEqual([0, 0, 0]);
	array.set(1, { a: 1, b: 2, c: 3 });
	expect([array.u32[3], array.f32[4], array.i32[5]]).toEqual([1, 2, 3]);
});

test("an array's stride is the struct's, padding included", () => {
	const layout = structLayout(shader, "Aligned");
	expect([layout.bytes, layout.placeOf("first"), layout.placeOf("second")]).toEqual([256, 0, 1]);
	const array = new StructArray(layout, 2);
	array.set(1, { first: 7, second: 8 });
	expect([array.f32.length, array.f32[64], array.f32[65]]).toEqual([128, 7, 8]);
});

test("a value that is missing, unknown or not a number is refused", () => {
	const array = new StructArray(structLayout(shader, "Mixed"), 1);
	expect(() => array.set(0, { a: 1 })).toThrow(new ShaderError("made.wgsl: Mixed.b, Mixed.c not given"));
	expect(() => array.set(0, { a: 1, b: Number.NaN, c: 2 })).toThrow(new ShaderError("made.wgsl: Mixed.b not given"));
	expect(() => array.set(0, { a: 1, b: 2, c: 3, d: 4 })).toThrow(new ShaderError("made.wgsl: Mixed has no member d"));
	expect(() => structLayout(shader, "Mixed").placeOf("d")).toThrow("made.wgsl: Mixed has no member d");
});

test("a struct that the file lacks, or that holds something else than numbers, is refused", () => {
	expect(() => structLayout(shader, "Missing")).toThrow(new ShaderError("made.wgsl: has no struct Missing"));
	expect(() => structLayout(shader, "Vectors")).toThrow(/^made\.wgsl: Vectors\.a is .*; it must be f32, u32 or i32$/);
});

test("a file's layout is read once", () => {
	expect(structLayout(shader, "Mixed")).toBe(structLayout(shader, "Mixed"));
});
