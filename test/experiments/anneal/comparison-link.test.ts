import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { forkCard } from "../../../src/experiments/anneal/change-cards.ts";
import type { Comparison } from "../../../src/experiments/anneal/comparison.ts";
import { packComparison, unpackComparison } from "../../../src/experiments/anneal/comparison-link.ts";
import { FIRST, STARTS, withStart } from "../../../src/experiments/anneal/starts.ts";
import { LINK_LIMITS } from "../../../src/study/packed-text.ts";

const pack = (text: string | Uint8Array) => deflateSync(text).toString("base64url");
const packed = (change: object) => pack(JSON.stringify({ ...FIRST, ...change }));
const withCard = (change: object) => packed({ cards: [FIRST.cards[0], { ...FIRST.cards[1], ...change }] });

describe("a comparison in a link", () => {
	const named = { ...FIRST, cards: FIRST.cards.with(0, { ...FIRST.cards[0]!, name: "Größe × ζ 規模 🚀" }) };
	it.each<[string, Comparison]>([
		...STARTS.map((start): [string, Comparison] => [start.id, withStart(FIRST, start)]),
		["a fork", forkCard(FIRST, 2)],
		["names of any script", named],
	])("goes round: %s", async (_, comparison) => {
		const text = await packComparison(comparison);
		expect(text).toMatch(/^[\w-]+$/);
		expect(text.length).toBeLessThan(2000);
		expect(await unpackComparison(text)).toEqual(comparison);
	});
});

describe("a hostile or damaged link", () => {
	it("that unpacks to too much is refused before all of it is unpacked", async () => {
		const bomb = pack(Buffer.alloc(40 * 2 ** 20, " "));
		await expect(unpackComparison(bomb)).rejects.toThrow(
			"the link unpacks to more than 1,048,576 bytes; that is the limit",
		);
	});

	it.each([
		["a".repeat(LINK_LIMITS.packed + 1), "the link holds more than 65,536 characters; that is the limit"],
		["<script>", "the link is damaged: it has characters that no packed comparison has"],
		["abcde", "the link is damaged: its end is missing"],
		["abcdefgh", "the link is damaged: it does not unpack; copy it again, as a whole"],
		[pack("{"), "comparison: the text is not valid JSON"],
		[pack("[]"), /^comparison: /],
		[pack("null"), "comparison: the document is null; it must be an object"],
		[pack('{"__proto__":{"seeds":1}}'), "comparison: size is missing; it must be given"],
		[packed({ seeds: 9 }), "comparison: seeds is 9; it must be a whole number from 1 to 8"],
		[packed({ average: "yes" }), 'comparison: average is "yes"; it must be true or false'],
		[packed({ cards: [] }), "comparison: cards is a list of 0; it must be a list of 2 to 8 schedules"],
		[
			packed({ cards: [FIRST.cards[0], FIRST.cards[0]] }),
			"comparison: cards is a list of 2; the ids in it must differ",
		],
		[
			withCard({ family: "step" }),
			'comparison: cards[1].family is "step"; it must be one of constant, cosine, wsd-linear, wsd-1-sqrt, linear, inverse-sqrt, piecewise',
		],
		[withCard({ decayStart: 2 }), "comparison: cards[1].decayStart is 2; it must be a number from 0 to 1"],
		[withCard({ name: "" }), 'comparison: cards[1].name is ""; it must be 1 to 60 printable characters'],
		[withCard({ name: "a\u202eb" }), /^comparison: cards\[1\]\.name is ".*"; it must be 1 to 60 printable characters$/],
		[withCard({ name: "a".repeat(61) }), /it must be 1 to 60 printable characters$/],
		[
			withCard({ points: Array.from({ length: 33 }, (_, i) => [i / 32, 1]) }),
			"comparison: cards[1].points is a list of 33; it must be a list of 2 to 32 pairs of shares",
		],
		[
			withCard({ tail: { after: 0.5, tokens: null, form: "cubic", floor: 0 } }),
			'comparison: cards[1].tail.form is "cubic"; it must be one of linear, 1-sqrt',
		],
		[
			withCard({ tail: { after: 0.9, tokens: 1e9, form: "linear", floor: 0 } }),
			/^study: arms\[1\]\.schedules\[0\]\.tail\.afterShare is 0\.9, which is step/,
		],
		[withCard({ peak: 20 }), "study: arms[1].learningRates[0] is 20; it must be a number from 0.00000001 to 10"],
		[
			packed({ size: { width: 1e9, layers: 1, heads: 1 } }),
			"study: sizes[0].width is 1000000000; it must be a whole number from 1 to 4,096",
		],
		[packed({ corpus: "x".repeat(500) }), /^study: corpora\[0\] is "x/],
	])("%# is refused with the reason", async (text, message) => {
		await expect(unpackComparison(text)).rejects.toThrow(message);
	});

	it("cut anywhere, or with any byte changed, gives no comparison", async () => {
		const text = await packComparison(FIRST);
		for (let cut = 1; cut < text.length; cut += 7) await expect(unpackComparison(text.slice(0, cut))).rejects.toThrow();
		for (let at = 0; at < text.length - 2; at += 11) {
			const other = text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
			await expect(unpackComparison(other)).rejects.toThrow();
		}
	});
});
