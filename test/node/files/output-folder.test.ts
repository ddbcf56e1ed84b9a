import { expect, test } from "vitest";
import { folderNameOf } from "../../../src/node/files/output-folder.ts";
import { studyWith } from "../../study/fixtures.ts";

test.each([
	["reconcile", "reconcile"],
	["my study, 2", "my-study-2"],
	["../../etc", "-etc"],
	["模型大小", "模型大小"],
	["Über alles", "Über-alles"],
	["u\u0308ber", "\u00fcber"],
	["η = 0.1", "η-0-1"],
	["x".repeat(300), "x".repeat(60)],
])("the study %j goes to %j", async (name, folder) => {
	expect(await folderNameOf({ ...studyWith(), name })).toBe(folder);
});

test("names without letters or digits get folders of their own", async () => {
	const [one, other, again] = await Promise.all(
		["!!", "??", "!!"].map((name) => folderNameOf({ ...studyWith(), name })),
	);
	expect(one).toMatch(/^study-[0-9a-f]{8}$/);
	expect(other).not.toBe(one);
	expect(again).toBe(one);
});
