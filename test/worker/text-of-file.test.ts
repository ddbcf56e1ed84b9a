import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { textOfFile } from "../../src/worker/text-of-file.ts";

const text = "params,tokens,loss\n1e6,1e8,3.5 α\n".repeat(5000);
const packed = gzipSync(text);
const limits = { packed: 1_000_000, unpacked: 1_000_000 };

test("a file is read as it is, or unpacked, whatever its name", async () => {
	const read = { text, plain: true, note: null };
	expect(await textOfFile("a.csv.gz", new Blob([text]), limits)).toEqual(read);
	expect(await textOfFile("a.csv", new Blob([packed]), limits)).toEqual(read);
	expect(await textOfFile("empty.csv", new Blob([]), limits)).toEqual({ ...read, text: "" });
});

test("a file that is too large is not read", async () => {
	const file = new Blob(["x".repeat(1_000_001)]);
	file.arrayBuffer = () => Promise.reject(new Error("it was read"));
	await expect(textOfFile("big.csv", file, limits)).rejects.toThrow(
		"big.csv has 1000001 bytes; at most 1000000 bytes are read",
	);
	await expect(textOfFile("big.csv", { size: 70 * 2 ** 20 } as Blob)).rejects.toThrow(
		"big.csv has 70 MiB; at most 64 MiB are read",
	);
});

test("what unpacks to too much is stopped at the limit", async () => {
	const bomb = new Blob([gzipSync("0".repeat(20_000_000))]);
	expect(bomb.size).toBeLessThan(limits.packed);
	await expect(textOfFile("bomb.gz", bomb, limits)).rejects.toThrow(
		"bomb.gz unpacks to more than 1000000 bytes; that is the limit",
	);
});

test.each([
	["cut off", packed.subarray(0, packed.length - 20)],
	["followed by something else", Buffer.concat([packed, Buffer.from("more")])],
	["garbage", Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])],
])("a gzip file that is %s is damaged", async (_, bytes) => {
	await expect(textOfFile("a.gz", new Blob([new Uint8Array(bytes)]), limits)).rejects.toThrow(
		"a.gz is damaged: it is not a whole gzip file",
	);
});

test("other encodings are read, packed or not, and wrong bytes counted", async () => {
	const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
	const read = { text, plain: false, note: "was read as UTF-16, little-endian, by its byte-order mark" };
	expect(await textOfFile("a.csv", new Blob([utf16]), limits)).toEqual(read);
	expect(await textOfFile("a.csv", new Blob([gzipSync(utf16)]), limits)).toEqual(read);
	const { note } = await textOfFile("a.csv", new Blob([text, Uint8Array.of(0x93)]), limits);
	expect(note).toMatch(/^has 1 byte that is not UTF-8 and was replaced by U\+FFFD, the first in line 10,001/);
	await expect(textOfFile("a.csv", new Blob([Uint8Array.of(0xff, 0xfe, 0, 0)]), limits)).rejects.toThrow(
		"a.csv is UTF-32",
	);
});

test("a file that is gone says so", async () => {
	const file = new Blob([text]);
	file.arrayBuffer = () => Promise.reject(new DOMException("gone", "NotReadableError"));
	await expect(textOfFile("a.csv", file, limits)).rejects.toThrow(
		"a.csv cannot be read any more: it was moved or changed; choose it again",
	);
});
