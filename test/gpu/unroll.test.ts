import { describe, expect, test } from "vitest";
import { unroll } from "../../src/gpu/unroll.ts";

const flat = (code: string) => code.replace(/\s+/g, " ").trim();
/** What becomes of `body` after `const TWO = 2u; const THREE: u32 = 3u; const THIRTY_TWO = 32u; const MANY = 33u;`. */
function unrolled(body: string): string {
	const constants = "const TWO = 2u;\nconst THREE: u32 = 3u;\nconst THIRTY_TWO = 32u;\nconst MANY = 33u;\n";
	const out = unroll(constants + body);
	expect(out.startsWith(constants)).toBe(true);
	return flat(out.slice(constants.length));
}

test("a loop up to a constant is written out, a block for each turn", () => {
	expect(unrolled("a(); for (var i = 0u; i < TWO; i++) { x[i] = f(i); } b();")).toBe(
		"a(); { x[0u] = f(0u); }{ x[1u] = f(1u); } b();",
	);
});

test("loops one after the other", () => {
	expect(unrolled("for (var i = 0u; i < TWO; i++) { f(i); } for (var j = 0u; j < THREE; j++) { g(j); }")).toBe(
		"{ f(0u); }{ f(1u); } { g(0u); }{ g(1u); }{ g(2u); }",
	);
});

test("loops inside one another, also of the same name", () => {
	expect(unrolled("for (var i = 0u; i < TWO; i++) { for (var j = 0u; j < TWO; j++) { f(i, j); } }")).toBe(
		"{ { f(0u, 0u); }{ f(0u, 1u); } }{ { f(1u, 0u); }{ f(1u, 1u); } }",
	);
	expect(unrolled("for (var i = 0u; i < TWO; i++) { f(i); for (var i = 0u; i < TWO; i++) { g(i); } }")).toBe(
		"{ f(0u); { g(0u); }{ g(1u); } }{ f(1u); { g(0u); }{ g(1u); } }",
	);
});

test("a constant loop inside one that stays", () => {
	expect(unrolled("for (var k = 0u; k < count; k++) { for (var i = 0u; i < TWO; i++) { f(k, i); } }")).toBe(
		"for (var k = 0u; k < count; k++) { { f(k, 0u); }{ f(k, 1u); } }",
	);
});

test("thirty-two turns are written out, thirty-three are not", () => {
	expect(unrolled("for (var i = 0u; i < THIRTY_TWO; i++) { f(i); }").match(/f\(/g)).toHaveLength(32);
	const many = "for (var i = 0u; i < MANY; i++) { f(i); }";
	expect(unrolled(many)).toBe(many);
	expect(unrolled("for (var i = 0u; i < MANY; i++) { for (var j = 0u; j < TWO; j++) { f(i, j); } }")).toBe(
		"for (var i = 0u; i < MANY; i++) { { f(i, 0u); }{ f(i, 1u); } }",
	);
});

test.each([
	"for (var i = 0u; i < count; i++) { f(i); }",
	"for (var i = 0u; i < sizes.rows; i++) { f(i); }",
	"for (var i = 1u; i < TWO; i++) { f(i); }",
	"for (var i = 0u; i < TWO; i += 2u) { f(i); }",
	"for (var i = 0u; j < TWO; i++) { f(i); }",
	"for (var i: u32 = 0u; i < TWO; i++) { f(i); }",
])("left alone: %s", (code) => expect(unrolled(code)).toBe(code));

describe("only the index itself is replaced", () => {
	test("not names that contain it", () => {
		expect(unrolled("for (var i = 0u; i < TWO; i++) { id = i + ii + width_i + i2; }")).toBe(
			"{ id = 0u + ii + width_i + i2; }{ id = 1u + ii + width_i + i2; }",
		);
	});

	test("not members of its name", () => {
		expect(unrolled("for (var x = 0u; x < TWO; x++) { f(id.x, v[x].x); }")).toBe(
			"{ f(id.x, v[0u].x); }{ f(id.x, v[1u].x); }",
		);
	});

	test("not another variable of its name", () => {
		const inner = "for (var i = 0u; i < TWO; i++) { f(i); for (var i = 0u; i < count; i++) { g(i); } }";
		expect(unrolled(inner)).toBe(inner);
		const shadow = "for (var i = 0u; i < TWO; i++) { f(i); { let i = 5u; g(i); } }";
		expect(unrolled(shadow)).toBe(shadow);
	});
});

test.each(["break", "continue"])("a loop that a %s leaves stays a loop", (statement) => {
	const code = `for (var i = 0u; i < TWO; i++) { if (i == k) { ${statement}; } f(i); }`;
	expect(unrolled(code)).toBe(code);
});

test("a block that is never closed is an error", () => {
	expect(() => unrolled("for (var i = 0u; i < TWO; i++) { f(i);")).toThrow(SyntaxError);
});
