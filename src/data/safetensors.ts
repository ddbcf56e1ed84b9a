/**
 * Safetensors files (https://huggingface.co/docs/safetensors): 8 bytes with the length of the header, little-endian; a
 * JSON header; the tensors' bytes, little-endian like every WebGPU host. Files are untrusted, so reading is strict.
 */

/** The array type for each dtype. F16 and BF16 are kept as raw 16-bit values, BOOL as one byte each. */
const ARRAYS = {
	BOOL: Uint8Array,
	U8: Uint8Array,
	I8: Int8Array,
	U16: Uint16Array,
	I16: Int16Array,
	F16: Uint16Array,
	BF16: Uint16Array,
	U32: Uint32Array,
	I32: Int32Array,
	F32: Float32Array,
	U64: BigUint64Array,
	I64: BigInt64Array,
	F64: Float64Array,
} as const;

type Dtype = keyof typeof ARRAYS;

/** A tensor: row-major values in the array type of its dtype. */
export type SafeTensor = {
	[D in Dtype]: { dtype: D; shape: number[]; data: InstanceType<(typeof ARRAYS)[D]> };
}[Dtype];

/** Metadata, and tensors in the order of their bytes in the file. */
export interface SafetensorsFile {
	metadata: Record<string, string>;
	tensors: Map<string, SafeTensor>;
}

/** The only error that reading and writing throw. Names the tensor or part of the file, and the rule it breaks. */
export class SafetensorsError extends Error {
	override name = "SafetensorsError";
}

const MAX_HEADER_BYTES = 2 ** 20;
const LENGTH_BYTES = 8;
const METADATA = "__metadata__";
const ENTRY_KEYS = ["dtype", "shape", "data_offsets"];

type JsonObject = Record<string, unknown>;

interface Entry {
	name: string;
	dtype: Dtype;
	shape: number[];
	begin: number;
	end: number;
}

function check(condition: boolean, message: () => string): asserts condition {
	if (!condition) throw new SafetensorsError(`safetensors: ${message()}`);
}

const isObject = (value: unknown): value is JsonObject =>
	typeof value === "object" && value !== null && !Array.isArray(value);

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isDtype = (value: unknown): value is Dtype => typeof value === "string" && Object.hasOwn(ARRAYS, value);

/** A value from the file as JSON, short enough for a message. */
function show(value: unknown): string {
	let text: string;
	try {
		text = JSON.stringify(value) ?? "missing";
	} catch {
		// JSON.parse handles any depth, JSON.stringify does not.
		return "too deeply nested to show";
	}
	return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}

/** Size of a tensor in bytes; NaN when it is not a safe integer. */
function byteLength(dtype: Dtype, shape: number[]): number {
	let bytes: number = ARRAYS[dtype].BYTES_PER_ELEMENT;
	for (const size of shape) {
		bytes *= size;
		if (!Number.isSafeInteger(bytes)) return Number.NaN;
	}
	return bytes;
}

/** Number of keys in a valid JSON text, counted by colons outside strings: JSON.parse silently drops repeated keys. */
function countKeys(json: string): number {
	let keys = 0;
	let inString = false;
	for (let i = 0; i < json.length; i++) {
		const character = json[i];
		if (inString && character === "\\") i++;
		else if (character === '"') inString = !inString;
		else if (character === ":" && !inString) keys++;
	}
	return keys;
}

function parseHeader(bytes: Uint8Array): { header: JsonObject; keys: number } {
	check(bytes[0] === 0x7b, () => `the first byte of the header is ${bytes[0] ?? "missing"}; it must be {`);
	try {
		const json = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
		return { header: JSON.parse(json) as JsonObject, keys: countKeys(json) };
	} catch (error) {
		throw new SafetensorsError(`safetensors: the header is not valid JSON in UTF-8: ${show(String(error))}`);
	}
}

function parseMetadata(value: unknown): Record<string, string> {
	if (value === undefined) return {};
	check(isObject(value), () => `${METADATA} is ${show(value)}; it must be an object of strings`);
	const entries = Object.entries(value).map(([key, text]): [string, string] => {
		check(typeof text === "string", () => `${METADATA}: ${show(key)} is ${show(text)}; it must be a string`);
		return [key, text];
	});
	return Object.fromEntries(entries);
}

function parseEntry(name: string, value: unknown, dataBytes: number): Entry {
	const subject = `tensor ${show(name)}`;
	check(
		isObject(value) && Object.keys(value).length === 3 && ENTRY_KEYS.every((key) => Object.hasOwn(value, key)),
		() => `${subject} is ${show(value)}; it must have exactly ${ENTRY_KEYS.join(", ")}`,
	);
	const { dtype, shape, data_offsets: offsets } = value;
	check(
		isDtype(dtype),
		() => `${subject}: dtype is ${show(dtype)}; it must be one of ${Object.keys(ARRAYS).join(", ")}`,
	);
	check(
		Array.isArray(shape) && shape.every(isSize),
		() => `${subject}: shape is ${show(shape)}; it must be an array of whole numbers, 0 to 2^53 - 1`,
	);
	check(
		Array.isArray(offsets) && offsets.length === 2 && offsets.every(isSize) && offsets[0] <= offsets[1],
		() => `${subject}: data_offsets is ${show(offsets)}; it must be [begin, end], whole numbers, begin ≤ end`,
	);
	const [begin, end] = offsets as [number, number];
	check(end <= dataBytes, () => `${subject} ends at byte ${end} of ${dataBytes}; it must end within the file`);
	const expected = byteLength(dtype, shape);
	check(
		end - begin === expected,
		() =>
			`${subject}: ${dtype} ${show(shape)} takes ${expected} bytes, its offsets span ${end - begin}; they must agree`,
	);
	return { name, dtype, shape, begin, end };
}

/**
 * Reads a file; tensor data is copied. Throws a SafetensorsError unless the header is at most 1 MiB of JSON without
 * repeated or unknown keys, and the tensors fill the rest of the file without gaps or overlaps, each with the length
 * implied by its shape and dtype.
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
	check(
		bytes.length >= LENGTH_BYTES,
		() => `the file has ${bytes.length} bytes; it must have at least 8, the length of the header`,
	);
	const headerBytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
	check(
		headerBytes <= MAX_HEADER_BYTES,
		() => `the header takes ${headerBytes} bytes; it may take at most ${MAX_HEADER_BYTES}`,
	);
	const dataStart = LENGTH_BYTES + Number(headerBytes);
	check(
		dataStart <= bytes.length,
		() => `the header ends at byte ${dataStart} of ${bytes.length}; it must end within the file`,
	);
	const { header, keys } = parseHeader(bytes.subarray(LENGTH_BYTES, dataStart));
	const { [METADATA]: metadataValue, ...rest } = header;
	const metadata = parseMetadata(metadataValue);
	const dataBytes = bytes.length - dataStart;
	const entries = Object.entries(rest).map(([name, value]) => parseEntry(name, value, dataBytes));
	const distinct =
		(metadataValue === undefined ? 0 : 1 + Object.keys(metadata).length) + (1 + ENTRY_KEYS.length) * entries.length;
	check(
		keys === distinct,
		() => `the header has ${keys} keys, of which ${distinct} are distinct; keys must not repeat`,
	);
	entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
	let cursor = 0;
	for (const { name, begin, end } of entries) {
		check(
			begin === cursor,
			() =>
				`tensor ${show(name)} starts at byte ${begin}, the previous one ends at ${cursor}; tensors must be adjacent`,
		);
		cursor = end;
	}
	check(cursor === dataBytes, () => `the tensors end at byte ${cursor} of ${dataBytes}; they must fill the file`);
	const tensors = new Map<string, SafeTensor>();
	for (const { name, dtype, shape, begin, end } of entries) {
		// Typed arrays need aligned offsets, but tensors may start anywhere in the file: hence a copy.
		const copy = new Uint8Array(end - begin);
		copy.set(bytes.subarray(dataStart + begin, dataStart + end));
		tensors.set(name, { dtype, shape, data: new ARRAYS[dtype](copy.buffer) } as SafeTensor);
	}
	return { metadata, tensors };
}

/**
 * Writes a file that `readSafetensors` accepts. The bytes do not depend on the order of the tensors or metadata: larger
 * dtypes come first, which aligns every tensor to its dtype, then names by code unit. Throws a SafetensorsError when data
 * and shape disagree, a name is reserved, or the header exceeds 1 MiB.
 */
export function writeSafetensors(
	tensors: ReadonlyMap<string, SafeTensor>,
	metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
	const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0);
	const sorted = [...tensors].sort(
		(a, b) => ARRAYS[b[1].dtype].BYTES_PER_ELEMENT - ARRAYS[a[1].dtype].BYTES_PER_ELEMENT || byName(a, b),
	);
	const fields: string[] = [];
	const texts = Object.entries(metadata).sort(byName);
	if (texts.length > 0) {
		const pairs = texts.map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`);
		fields.push(`"${METADATA}":{${pairs.join(",")}}`);
	}
	let dataBytes = 0;
	for (const [name, { dtype, shape, data }] of sorted) {
		check(name !== METADATA, () => `a tensor is named ${METADATA}, which is reserved`);
		check(
			data instanceof ARRAYS[dtype] && shape.every(isSize) && byteLength(dtype, shape) === data.byteLength,
			() => `tensor ${show(name)}: shape ${show(shape)} of ${dtype} with ${data.length} values; they must agree`,
		);
		const entry = { dtype, shape, data_offsets: [dataBytes, dataBytes + data.byteLength] };
		fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
		dataBytes += data.byteLength;
	}
	const json = new TextEncoder().encode(`{${fields.join(",")}}`);
	const headerBytes = Math.ceil(json.length / 8) * 8;
	check(
		headerBytes <= MAX_HEADER_BYTES,
		() => `the header would take ${headerBytes} bytes; it may take at most ${MAX_HEADER_BYTES}`,
	);
	const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + dataBytes);
	new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
	bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerBytes);
	bytes.set(json, LENGTH_BYTES);
	let cursor = LENGTH_BYTES + headerBytes;
	for (const [, { data }] of sorted) {
		bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), cursor);
		cursor += data.byteLength;
	}
	return bytes;
}
