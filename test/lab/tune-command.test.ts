import "../gpu/compile-faster.ts";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Tuning } from "../../src/gpu/tuning.ts";
import { TUNING_PROBLEMS } from "../../src/kernels/tuning-problems.ts";
import { adaptersCommand } from "../../src/node/commands/adapters-command.ts";
import { tuneCommand } from "../../src/node/commands/tune-command.ts";
import { TuningFolder } from "../../src/node/device/tuning-folder.ts";

// On the tests' adapter, with a folder of its own for what was measured.

let path: string;
beforeAll(async () => {
	path = await mkdtemp(join(tmpdir(), "isoflop-tune-"));
});
afterAll(() => rm(path, { recursive: true }));

type Command = typeof tuneCommand | typeof adaptersCommand;

async function written(command: Command, options: Parameters<typeof tuneCommand>[1]) {
	const json: unknown[] = [];
	const printed: string[] = [];
	const said: string[] = [];
	const terminal = {
		json: (value: unknown) => json.push(JSON.parse(JSON.stringify(value))),
		print: (line: string) => printed.push(line),
		say: (line: string) => said.push(line),
		screen: null,
	};
	const code = await command(terminal, options, new TuningFolder(path));
	return { code, json, printed, said };
}

const notYet = {
	code: 1,
	...{ json: [], printed: [] },
	said: [
		expect.stringMatching(
			/: these kernels have not been measured; isoflop tune measures them, and so does the first isoflop run$/,
		),
	],
};

/** What `isoflop adapters` says of the kernels on each adapter. */
async function adapters() {
	const { code, json } = await written(adaptersCommand, { json: true });
	expect(code).toBe(0);
	const { printed } = await written(adaptersCommand, {});
	expect(printed[0]).toMatch(/ kernels$/);
	const all = json[0] as { adapter: string; variants: Tuning["variants"] | null }[];
	return { all, lines: printed.slice(1) };
}

describe("what was measured of the kernels", () => {
	test("is nothing at first, and says so", async () => {
		expect(await written(tuneCommand, { show: true })).toEqual(notYet);
		const { all, lines } = await adapters();
		expect(all.length).toBeGreaterThan(0);
		expect(all.map(({ variants }) => variants)).toEqual(all.map(() => null));
		for (const line of lines) expect(line).toMatch(/ not measured$/);
	});

	test("is shown as it was measured, without measuring again, until it is forgotten", async () => {
		const measured = await written(tuneCommand, { json: true });
		expect(measured.code).toBe(0);
		const { adapter, variants, flopsPerMillisecond } = measured.json[0] as Tuning;
		expect(flopsPerMillisecond).toBeGreaterThan(0);
		expect(Object.keys(variants)).toEqual(TUNING_PROBLEMS.map(({ operation }) => operation.name));

		expect(await written(tuneCommand, { show: true, json: true })).toEqual(measured);
		const { printed } = await written(tuneCommand, { show: true });
		expect(printed[0]!.endsWith(adapter)).toBe(true);
		const chosen = printed.filter((line) => line.endsWith("chosen"));
		expect(chosen.map((line) => line.split(" ")[0])).toEqual(Object.keys(variants));

		const { all, lines } = await adapters();
		for (const [i, each] of all.entries()) {
			expect(each.variants).toEqual(each.adapter === adapter ? variants : null);
			expect(lines[i]).toMatch(each.adapter === adapter ? / {2}measured$/ : / not measured$/);
		}
		expect(all.map((each) => each.adapter)).toContain(adapter);

		expect(await written(tuneCommand, { reset: true })).toMatchObject({ code: 0, printed: [] });
		expect(await written(tuneCommand, { show: true })).toEqual(notYet);
	});

	test("of other kernels is not shown", async () => {
		const { adapter } = (await written(tuneCommand, { json: true })).json[0] as Tuning;
		const file = join(path, `${adapter.replaceAll(/[^\w.-]+/g, "-")}.json`);
		await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, "utf8")), version: "older" }));
		expect(await written(tuneCommand, { show: true })).toEqual(notYet);
	});
});

test("showing and forgetting at once is refused", async () => {
	await expect(written(tuneCommand, { show: true, reset: true })).rejects.toThrow(
		"tune: --show and --reset are both given; give only one of them",
	);
});
