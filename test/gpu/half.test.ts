import { expect, test } from "vitest";
import { fromHalf, toHalf } from "../../src/gpu/half.ts";

const halves = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);

test("every 16-bit float is itself again", () => {
	const isNumber = (bits: number) => (bits & 0x7fff) <= 0x7c00;
	expect(toHalf(fromHalf(halves)).filter(isNumber)).toEqual(halves.filter(isNumber));
	expect(toHalf([Number.NaN])).toEqual(Uint16Array.of(0x7e00));
	expect(fromHalf(Uint16Array.of(0x7e00, 0xfc01))).toEqual(Float32Array.of(Number.NaN, Number.NaN));
});

test("known values", () => {
	const known = { 0: 0, 15360: 1, 49152: -2, 13653: 0.333251953125, 31743: 65504, 1024: 2 ** -14, 1: 2 ** -24 };
	for (const [bits, value] of Object.entries(known)) expect(fromHalf(Uint16Array.of(Number(bits)))[0]).toBe(value);
	expect(fromHalf(Uint16Array.of(0x7c00, 0xfc00))).toEqual(Float32Array.of(Infinity, -Infinity));
});

test("numbers between two 16-bit floats go to the nearer, and to the even one of two as near", () => {
	for (let bits = 0; bits < 0x7bff; bits++) {
		const [low, high] = fromHalf(Uint16Array.of(bits, bits + 1)) as unknown as [number, number];
		const middle = (low + high) / 2;
		const step = (high - low) / 8;
		const even = bits % 2 === 0 ? bits : bits + 1;
		const rounded = toHalf([middle - step, middle, middle + step, -middle - step]);
		if (rounded.join() !== [bits, even, bits + 1, 0x8000 | (bits + 1)].join())
			throw new Error(`between ${low} and ${high}: ${rounded.join()}`);
	}
	expect(toHalf([65519, 65520, -1e9])).toEqual(Uint16Array.of(0x7bff, 0x7c00, 0xfc00));
});
