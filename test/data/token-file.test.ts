import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeTokenFile, encodeTokenFile, tokenFileName } from "../../src/data/token-file.ts";

const corpus = { id: "test", hash: "ab".repeat(32) };
const tokens = {
	corpus,
	vocabulary: 512,
	train: Uint16Array.from({ length: 1001 }, (_, i) => (i * 37) % 512),
	validation: Uint16Array.from({ length: 99 }, (_, i) => i),
};

test("gives the tokens back", async () => {
	expect(await decodeTokenFile(await encodeTokenFile(tokens), corpus, 512)).toEqual(tokens);
	const odd = { ...tokens, validation: new Uint16Array(0) };
	expect(await decodeTokenFile(await encodeTokenFile(odd), corpus, 512)).toEqual(odd);
});

test("refuses another vocabulary, and a file that is cut, longer, empty or changed in any bit", async () => {
	const file = await encodeTokenFile(tokens);
	expect(await decodeTokenFile(file, corpus, 513)).toBeUndefined();
	expect(await decodeTokenFile(new Uint8Array([...file, 0]), corpus, 512)).toBeUndefined();
	await fc.assert(
		fc.asyncProperty(fc.nat(file.length - 1), fc.nat(7), async (position, bit) => {
			expect(await decodeTokenFile(file.slice(0, position), corpus, 512)).toBeUndefined();
			const damaged = file.slice();
			damaged[position] ^= 1 << bit;
			expect(await decodeTokenFile(damaged, corpus, 512)).toBeUndefined();
		}),
		{ examples: [...Array(24).keys()].map((position) => [position, 7]) },
	);
});

test("the name depends on text and vocabulary", () => {
	const names = [tokenFileName("a", 256), tokenFileName("b", 256), tokenFileName("a", 257)];
	expect(new Set(names).size).toBe(3);
});
