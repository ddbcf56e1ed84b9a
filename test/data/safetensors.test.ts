import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSafetensors, type SafeTensor, SafetensorsError, writeSafetensors } from "../../src/data/safetensors.ts";
import { randomBits, randomKey } from "../../src/maths/random.ts";

/** A file from a header's text and its data's length, with no rule applied. */
function file(header: string | Uint8Array, dataBytes = 0, headerBytes?: bigint): Uint8Array<ArrayBuffer> {
	const json = typeof header === "string" ? new TextEncoder().encode(header) : header;
	const bytes = new Uint8Array(8 + json.length + dataBytes);
	new DataView(bytes.buffer).setBigUint64(0, headerBytes ?? BigInt(json.length), true);
	bytes.set(json, 8);
	return bytes;
}

const every: [string, SafeTensor][] = [
	["a.bool", { dtype: "BOOL", shape: [3], data: Uint8Array.of(0, 1, 1) }],
	["a.u8", { dtype: "U8", shape: [1, 1], data: Uint8Array.of(255) }],
	["a.i8", { dtype: "I8", shape: [1], data: Int8Array.of(-128) }],
	["b.u16", { dtype: "U16", shape: [2], data: Uint16Array.of(1, 65535) }],
	["b.i16", { dtype: "I16", shape: [1], data: Int16Array.of(-32768) }],
	["b.f16", { dtype: "F16", shape: [1], data: Uint16Array.of(0x3c00) }],
	["b.bf16", { dtype: "BF16", shape: [1], data: Uint16Array.of(0x3f80) }],
	["c.u32", { dtype: "U32", shape: [1], data: Uint32Array.of(4294967295) }],
	["c.i32", { dtype: "I32", shape: [2, 2], data: Int32Array.of(1, -2, 3, -2147483648) }],
	["c.f32", { dtype: "F32", shape: [2, 1, 2], data: Float32Array.of(0.5, -1, Number.NaN, Infinity) }],
	["d.u64", { dtype: "U64", shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) }],
	["d.i64", { dtype: "I64", shape: [1], data: BigInt64Array.of(-(2n ** 63n)) }],
	["d.f64", { dtype: "F64", shape: [], data: Float64Array.of(Math.PI) }],
	["empty", { dtype: "F32", shape: [4, 0], data: new Float32Array(0) }],
	["__proto__", { dtype: "F32", shape: [1], data: Float32Array.of(7) }],
	["7", { dtype: "F32", shape: [1], data: Float32Array.of(8) }],
];
const metadata = { format: "pt", 'quote " and \\ : {': "naïve 🐳", __proto_: "x" };

describe("writing and reading", () => {
	test("every dtype comes back, whatever the order it went in", () => {
		const bytes = writeSafetensors(new Map(every), metadata);
		const read = readSafetensors(bytes);
		expect(read.metadata).toEqual(metadata);
		expect(read.tensors.size).toBe(every.length);
		for (const [name, tensor] of every) expect(read.tensors.get(name), name).toEqual(tensor);
		const reversed = Object.fromEntries(Object.entries(metadata).reverse());
		expect(writeSafetensors(new Map([...every].reverse()), reversed)).toEqual(bytes);
	});

	test("the layout is the format's: padded header, larger dtypes first, aligned data", () => {
		const bytes = writeSafetensors(
			new Map<string, SafeTensor>([
				["x", { dtype: "U8", shape: [1], data: Uint8Array.of(9) }],
				["y", { dtype: "F32", shape: [1], data: Float32Array.of(1) }],
			]),
		);
		const json =
			'{"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}';
		const padded = json.padEnd(Math.ceil(json.length / 8) * 8, " ");
		expect([...bytes.subarray(0, 8)]).toEqual([padded.length, 0, 0, 0, 0, 0, 0, 0]);
		expect(new TextDecoder().decode(bytes.subarray(8, 8 + padded.length))).toBe(padded);
		expect([...bytes.subarray(8 + padded.length)]).toEqual([0, 0, 0x80, 0x3f, 9]);
	});

	test("data is a copy, also from an unaligned view", () => {
		const bytes = writeSafetensors(new Map([every[9]!]));
		const shifted = new Uint8Array(bytes.length + 3);
		shifted.set(bytes, 3);
		const { data } = readSafetensors(shifted.subarray(3)).tensors.get("c.f32")!;
		shifted.fill(0);
		expect(data).toEqual(every[9]![1].data);
		const unaligned =
			'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}';
		expect(readSafetensors(file(unaligned, 5)).tensors.get("b")!.data).toEqual(new Float32Array(1));
	});

	test("no tensors and no metadata", () => {
		expect(readSafetensors(writeSafetensors(new Map()))).toEqual({ metadata: {}, tensors: new Map() });
		expect(readSafetensors(file("{}"))).toEqual({ metadata: {}, tensors: new Map() });
	});

	test("any names, texts and values survive", () => {
		const tensor = fc
			.array(fc.float(), { maxLength: 5 })
			.map((v): SafeTensor => ({ dtype: "F32", shape: [v.length], data: Float32Array.from(v) }));
		const tensors = fc.uniqueArray(fc.tuple(fc.string({ unit: "grapheme" }), tensor), { selector: ([name]) => name });
		fc.assert(
			fc.property(tensors, fc.array(fc.tuple(fc.string(), fc.string())), (entries, texts) => {
				const map = new Map(entries.filter(([name]) => name !== "__metadata__"));
				const texted = Object.fromEntries(texts);
				const read = readSafetensors(writeSafetensors(map, texted));
				expect(new Map([...read.tensors].sort())).toEqual(new Map([...map].sort()));
				expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(texted).sort());
			}),
		);
	});

	test.each<[string, Map<string, SafeTensor>, RegExp]>([
		["shape", new Map([["w", { dtype: "F32", shape: [3], data: new Float32Array(2) }]]), /"w".*\[3\].*2 values/],
		["name", new Map([["__metadata__", every[0]![1]]]), /__metadata__.*reserved/],
		["array", new Map([["w", { dtype: "F32", shape: [1], data: new Int32Array(1) } as never]]), /"w".*F32/],
		["header", new Map([["w".repeat(2 ** 20), every[0]![1]]]), /header would take/],
	])("refuses to write a wrong %s", (_, tensors, message) => {
		expect(() => writeSafetensors(tensors)).toThrow(SafetensorsError);
		expect(() => writeSafetensors(tensors)).toThrow(message);
	});
});

const f32 = (offsets: string, shape = "[2]") => `{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}`;

describe("a broken file is refused, and the message says why", () => {
	test.each<[string, Uint8Array, RegExp]>([
		["an empty file", new Uint8Array(0), /has 0 bytes/],
		["a short file", new Uint8Array(7), /has 7 bytes/],
		["a header past the end", file("{}", 0, 3n), /header ends at byte 11 of 10/],
		["a header of 2^63 bytes", file("{}", 0, 2n ** 63n), /9223372036854775808 bytes; it may take at most 1048576/],
		["a header of more than 1 MiB", file("{}".padEnd(2 ** 20 + 1)), /1048577 bytes/],
		["an empty header", file(""), /first byte of the header is missing/],
		["a header that begins with a space", file(" {}"), /first byte of the header is 32/],
		["an array", file("[]"), /first byte of the header is 91/],
		["broken JSON", file('{"a":'), /not valid JSON in UTF-8/],
		["broken UTF-8", file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), /not valid JSON in UTF-8/],
		["metadata that is a list", file('{"__metadata__":["a"]}'), /__metadata__ is \["a"\]/],
		["metadata that is a number", file('{"__metadata__":{"lr":1}}'), /"lr" is 1; it must be a string/],
		["a null tensor", file('{"w":null}'), /"w" is null/],
		["a missing field", file('{"w":{"dtype":"F32","shape":[]}}'), /"w".*exactly dtype, shape, data_offsets/],
		["a fourth field", file('{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}}'), /"w".*exactly/],
		["an unknown dtype", file('{"w":{"dtype":"F8","shape":[],"data_offsets":[0,1]}}', 1), /"w": dtype is "F8"/],
		["an inherited dtype", file('{"w":{"dtype":"toString","shape":[],"data_offsets":[0,1]}}', 1), /"toString"/],
		["a negative size", file(`{"w":${f32("[0,8]", "[-2]")}}`, 8), /"w": shape is \[-2\]/],
		["a fractional size", file(`{"w":${f32("[0,8]", "[2.5]")}}`, 8), /"w": shape is \[2.5\]/],
		["a size above 2^53", file(`{"w":${f32("[0,8]", "[9007199254740993]")}}`, 8), /"w": shape is/],
		["a product above 2^53", file(`{"w":${f32("[0,8]", "[4294967296,4294967296]")}}`, 8), /takes NaN bytes/],
		["a text for a shape", file(`{"w":${f32("[0,8]", '"2"')}}`, 8), /"w": shape is "2"/],
		["offsets in the wrong order", file(`{"w":${f32("[8,0]")}}`, 8), /"w": data_offsets is \[8,0\]/],
		["three offsets", file(`{"w":${f32("[0,8,8]")}}`, 8), /"w": data_offsets is \[0,8,8\]/],
		["an end past the file", file(`{"w":${f32("[0,8]")}}`, 7), /"w" ends at byte 8 of 7/],
		["a length that is not the shape's", file(`{"w":${f32("[0,4]")}}`, 4), /"w".*takes 8 bytes.*span 4/],
		["an overlap", file(`{"v":${f32("[0,8]")},"w":${f32("[4,12]")}}`, 12), /"w" starts at byte 4.*ends at 8/],
		["a gap", file(`{"v":${f32("[0,8]")},"w":${f32("[9,17]")}}`, 17), /"w" starts at byte 9.*ends at 8/],
		["a gap at the start", file(`{"w":${f32("[1,9]")}}`, 9), /"w" starts at byte 1/],
		["bytes at the end", file(`{"w":${f32("[0,8]")}}`, 9), /end at byte 8 of 9/],
		["a repeated tensor", file(`{"w":${f32("[0,8]")},"w":${f32("[0,8]")}}`, 8), /8 keys, of which 4/],
		["a repeated field", file('{"w":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}'), /must not repeat/],
		[
			"deep nesting",
			file(`{"w":${"[".repeat(4e5)}${"]".repeat(4e5)}}`),
			/"w" is (too deeply nested|\[{80}…)|not valid JSON/,
		],
	])("%s", (_, bytes, message) => {
		expect(() => readSafetensors(bytes)).toThrow(SafetensorsError);
		expect(() => readSafetensors(bytes)).toThrow(message);
	});

	test("10,000 mutations of a good file read or throw a SafetensorsError, and never hold more than the file", {
		timeout: 30_000,
	}, () => {
		const good = writeSafetensors(new Map(every), metadata);
		const headerEnd = 8 + Number(new DataView(good.buffer).getBigUint64(0, true));
		const digits = [...good.subarray(8, headerEnd).keys()]
			.map((i) => i + 8)
			.filter((i) => /\d/.test(String.fromCharCode(good[i]!)));
		const syntax = new TextEncoder().encode('0123456789-.e{}[]",: \\');
		const key = randomKey(1, "safetensors mutations");
		let draws = 0;
		const below = (n: number) => randomBits(key, draws++) % n;
		const mutations: ((bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>)[] = [
			(b) => b.fill(below(256), below(b.length)),
			(b) => b.slice(0, below(b.length + 1)),
			(b) => new Uint8Array([...b, ...new Uint8Array(1 + below(9))]),
			(b) => b.with(below(8), below(256)) as Uint8Array<ArrayBuffer>,
			(b) => b.with(8 + below(headerEnd - 8), below(256)) as Uint8Array<ArrayBuffer>,
			(b) => b.with(8 + below(headerEnd - 8), syntax[below(syntax.length)]!) as Uint8Array<ArrayBuffer>,
			(b) => b.with(digits[below(digits.length)]!, 48 + below(10)) as Uint8Array<ArrayBuffer>,
			(b) => b.with(headerEnd + below(b.length - headerEnd), below(256)) as Uint8Array<ArrayBuffer>,
			(b) => b.copyWithin(8 + below(headerEnd - 8), 8 + below(headerEnd - 8), 8 + below(headerEnd - 8)),
		];
		const outcomes = { read: 0, refused: 0 };
		const messages = new Set<string>();
		for (let i = 0; i < 10_000; i++) {
			let bytes = good.slice();
			for (let n = below(2); n >= 0 && bytes.length === good.length; n--)
				bytes = mutations[below(mutations.length)]!(bytes);
			try {
				const { tensors } = readSafetensors(bytes);
				const held = [...tensors.values()].reduce((n, { data }) => n + data.byteLength, 0);
				expect(held).toBeLessThanOrEqual(bytes.length);
				outcomes.read++;
			} catch (error) {
				if (!(error instanceof SafetensorsError)) throw error;
				expect(error.message.length).toBeLessThan(400);
				messages.add(error.message.replace(/"[^"]*"|\d+/g, ""));
				outcomes.refused++;
			}
		}
		// Both outcomes and many different rules must have been met for the fuzzing to mean anything.
		expect(outcomes.read).toBeGreaterThan(500);
		expect(outcomes.refused).toBeGreaterThan(2000);
		expect(messages.size).toBeGreaterThan(20);
	});
});
