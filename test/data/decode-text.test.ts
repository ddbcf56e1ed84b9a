import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeText } from "../../src/data/decode-text.ts";
import { invalidUtf8 } from "../../src/data/invalid-bytes.ts";

const text = "N,D,loss\n1,2,3 ∝ 🐋\n";
const utf8 = (value: string) => new TextEncoder().encode(value);
const utf16 = (value: string, littleEndian: boolean) => {
	const bytes = new Uint8Array(2 * value.length);
	const view = new DataView(bytes.buffer);
	for (let i = 0; i < value.length; i++) view.setUint16(2 * i, value.charCodeAt(i), littleEndian);
	return bytes;
};
const joined = (...parts: (Uint8Array | number[])[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

test.each([
	["UTF-8", utf8(text), true, null],
	["nothing", new Uint8Array(), true, null],
	["UTF-8 with a mark", utf8(`\ufeff${text}`), false, null],
	["a true U+FFFD", utf8(`${text}\ufffd`), true, null],
	[
		"UTF-16 LE with a mark",
		utf16(`\ufeff${text}`, true),
		false,
		"was read as UTF-16, little-endian, by its byte-order mark",
	],
	[
		"UTF-16 BE with a mark",
		utf16(`\ufeff${text}`, false),
		false,
		"was read as UTF-16, big-endian, by its byte-order mark",
	],
	[
		"UTF-16 LE without one",
		utf16(text, true),
		false,
		"was read as UTF-16, little-endian, because of its zero bytes; it has no byte-order mark",
	],
	[
		"UTF-16 BE without one",
		utf16(text, false),
		false,
		"was read as UTF-16, big-endian, because of its zero bytes; it has no byte-order mark",
	],
])("%s is read, and what was assumed is said", (name, bytes, plain, note) => {
	const expected = name === "nothing" ? "" : name === "a true U+FFFD" ? `${text}\ufffd` : text;
	expect(decodeText(bytes)).toEqual({ text: expected, plain, note });
});

describe("bytes that cannot be decoded are counted, and the first is named", () => {
	test.each([
		[
			"Windows' quotes in UTF-8",
			joined(utf8("a\nb\n"), [0x93], utf8("c"), [0x94]),
			"a\nb\n\ufffdc\ufffd",
			"has 2 bytes that are not UTF-8 and were replaced by U+FFFD, the first in line 3 (byte 5 of the file)",
		],
		[
			"a byte-order mark before",
			joined(utf8("\ufeff"), [0xe9]),
			"\ufffd",
			"has 1 byte that is not UTF-8 and was replaced by U+FFFD, the first in line 1 (byte 4 of the file)",
		],
		[
			"half a surrogate pair in UTF-16",
			joined([0xff, 0xfe], utf16("a\n\ud800b", true)),
			"a\n\ufffdb",
			"was read as UTF-16, little-endian, by its byte-order mark; " +
				"has 2 bytes that are not UTF-16 and were replaced by U+FFFD, the first in line 2 (byte 7 of the file)",
		],
		[
			"an odd byte at the end",
			joined([0xfe, 0xff], utf16("ab", false), [0]),
			"ab\ufffd",
			"was read as UTF-16, big-endian, by its byte-order mark; " +
				"has 1 byte that is not UTF-16 and was replaced by U+FFFD, the first in line 1 (byte 7 of the file)",
		],
	])("%s", (_, bytes, expected, note) => {
		expect(decodeText(bytes)).toEqual({ text: expected, plain: expect.any(Boolean), note });
	});

	test("as the platform's decoder sees it", () => {
		const awkward = fc.array(
			fc.constantFrom(0x0a, 0x41, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc3, 0xe0, 0xe2, 0xed, 0xf0, 0xf4, 0xf5, 0xff),
		);
		fc.assert(
			fc.property(awkward, (list) => {
				const bytes = Uint8Array.from(list);
				const { bytes: replaced, first } = invalidUtf8(bytes);
				let isValid = true;
				try {
					new TextDecoder("utf-8", { fatal: true }).decode(bytes);
				} catch {
					isValid = false;
				}
				expect(replaced === 0).toBe(isValid);
				// Before the first all is valid; every kept byte and no other is in the text.
				if (first >= 0) new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, first));
				const kept = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).replaceAll("\ufffd", "");
				expect(new TextEncoder().encode(kept).length).toBe(bytes.length - replaced);
			}),
			{ numRuns: 2000 },
		);
	});
});

test("UTF-32 is refused", () => {
	for (const bytes of [
		[0xff, 0xfe, 0, 0],
		[0, 0, 0xfe, 0xff],
	])
		expect(() => decodeText(Uint8Array.from(bytes))).toThrow(
			"is UTF-32 by its byte-order mark; it must be UTF-8 or UTF-16",
		);
});
