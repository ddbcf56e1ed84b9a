import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { presets } from "../../src/experiments/experiments.ts";
import { LINK_LIMITS } from "../../src/study/packed-text.ts";
import { ownTexts, packStudy, unpackStudy } from "../../src/study/study-link.ts";
import { studyWith } from "./fixtures.ts";

const pack = (text: string | Uint8Array) => deflateSync(text).toString("base64url");

describe("a study in a link", () => {
	it.each(presets.map(({ id, study }) => [id, study] as const))("goes round: %s", async (_, study) => {
		const text = await packStudy(study);
		expect(text).toMatch(/^[\w-]+$/);
		expect(text.length).toBeLessThan(4000);
		expect(await unpackStudy(text)).toEqual(study);
	});

	it("keeps names of any script", async () => {
		const study = studyWith({ name: "Größe × ζ 規模 🚀" });
		expect(await unpackStudy(await packStudy(study))).toEqual(study);
	});

	it("that does not fit is refused when it is packed", async () => {
		await expect(packStudy(studyWith(), { packed: 100, unpacked: 100 })).rejects.toThrow(
			/^the study takes \d+ characters packed; a link holds at most 100, save it as a file instead$/,
		);
	});
});

describe("a hostile or damaged link", () => {
	it("that unpacks to too much is refused before all of it is unpacked", async () => {
		const bomb = pack(Buffer.alloc(40 * 2 ** 20, " "));
		expect(bomb.length).toBeLessThan(LINK_LIMITS.packed);
		await expect(unpackStudy(bomb)).rejects.toThrow("the link unpacks to more than 1,048,576 bytes; that is the limit");
	});

	it.each([
		["a".repeat(LINK_LIMITS.packed + 1), "the link holds more than 65,536 characters; that is the limit"],
		["", "the link is damaged: it has characters that no packed study has"],
		["<script>alert(1)</script>", "the link is damaged: it has characters that no packed study has"],
		["abcde", "the link is damaged: its end is missing"],
		["abcdefgh", "the link is damaged: it does not unpack; copy it again, as a whole"],
		[pack("{"), "study: not valid JSON at line 1, column 2: the text ends too early"],
		[pack("[]"), "study: the document is a list of 0; it must be an object"],
		[pack('{"name":"x","__proto__":{"steps":[1]}}'), /^study: /],
		[pack(new Uint8Array([0xff, 0xfe, 0, 1])), /^study: not valid JSON/],
	])("%# is refused with the reason", async (text, message) => {
		await expect(unpackStudy(text)).rejects.toThrow(message);
	});

	it("cut anywhere, or with any byte changed, gives no study", async () => {
		const text = await packStudy(studyWith());
		for (let cut = 1; cut < text.length; cut += 7) await expect(unpackStudy(text.slice(0, cut))).rejects.toThrow();
		for (let at = 0; at < text.length - 2; at += 11) {
			const other = text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
			await expect(unpackStudy(other)).rejects.toThrow();
		}
	});

	it("asking for too much is refused by the rules for studies", async () => {
		const study = { ...studyWith(), seeds: [...Array(65).keys()] };
		await expect(unpackStudy(pack(JSON.stringify(study)))).rejects.toThrow(/^study: seeds is a list of 65; it must be/);
	});
});

describe("texts of the sender's own", () => {
	it("are named, those of mixes and arms too", () => {
		expect(ownTexts(studyWith())).toEqual([]);
		const study = studyWith({ corpora: [{ mix: { sotu: 1, "file:a.txt": 2 } }, "file:b.txt"] });
		expect(ownTexts({ ...study, arms: [{ name: "c", corpora: ["file:c.txt", "file:b.txt"] }] })).toEqual([
			...["file:a.txt", "file:b.txt", "file:c.txt"],
		]);
	});
});
