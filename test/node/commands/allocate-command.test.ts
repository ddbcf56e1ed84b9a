import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { LawAdvice } from "../../../src/theory/advice.ts";
import { PUBLISHED_LAWS } from "../../../src/theory/published-laws.ts";
import { expected } from "../../reference/expected.ts";
import { isoflop, nulls } from "../isoflop.ts";

interface Document {
	flops: number;
	parameters: number | null;
	inferenceTokens: number | null;
	batch: number | null;
	criticalBatch: number | null;
	laws: LawAdvice[];
}

async function allocate(...argv: string[]): Promise<Document> {
	const { code, json, said } = await isoflop("allocate", ...argv, "--json");
	expect(said).toEqual([]);
	expect(code).toBe(0);
	return json[0] as Document;
}

describe("as JSON, in full precision", () => {
	test("every published law", async () => {
		const { flops, laws } = await allocate("--flops", "5.88e23");
		expect(flops).toBe(5.88e23);
		expect(laws.map(({ law }) => law.id)).toEqual(PUBLISHED_LAWS.map(({ id }) => id));
		const epoch = laws.find(({ law }) => law.id === "epoch")!;
		const wanted = expected.method3_epoch.optimal_allocation["epoch_published_C5.88e23"];
		expect(epoch.parameters / wanted.N_star).toBeCloseTo(1, 5);
		expect(epoch.tokensPerParameter).toBeCloseTo(wanted.D_over_N, 4);
		expect(epoch.loss).toBeCloseTo(wanted.L_star, 5);
		for (const { parameters, tokens, loss, reasons } of laws) {
			expect(6 * parameters * tokens).toBeCloseTo(flops, -15);
			expect(loss === null).toBe(reasons.loss !== null);
		}
	});

	test("inference and batches", async () => {
		const { laws, ...asked } = await allocate(
			...[
				"--flops",
				"1e21",
				"--law",
				"epoch",
				"--inference-tokens",
				"1e12",
				"--batch",
				"1e6",
				"--critical-batch",
				"1e6",
			],
		);
		expect(asked).toEqual({ flops: 1e21, parameters: null, inferenceTokens: 1e12, batch: 1e6, criticalBatch: 1e6 });
		const [{ inference, batch, tokens, loss }] = laws as [LawAdvice];
		expect(inference!.lifetimeOptimal.loss).toBeCloseTo(loss!, 12);
		expect(inference!.saved).toBeGreaterThan(0);
		expect(batch!.tokens / tokens).toBeCloseTo(2, 12);
		expect(nulls(laws)).toEqual([
			"0.law.note",
			"0.beyond",
			"0.interval",
			"0.overTraining",
			"0.reasons.loss",
			"0.reasons.overTraining",
			"0.reasons.inference",
			"0.reasons.batch",
		]);
	});

	test("what each law was fitted on, and where the budget lies beyond it", async () => {
		const at = async (flops: string) => (await allocate("--flops", flops)).laws.map(({ beyond }) => beyond);
		expect(new Set(await at("5.88e23"))).toEqual(new Set(["above"]));
		expect(await at("1e20")).toEqual([null, "above", null, null, null, null, "above"]);
		const [epoch] = (await allocate("--flops", "1e15", "--law", "epoch")).laws as [LawAdvice];
		expect([epoch.beyond, epoch.law.range!.flops]).toEqual(["below", { from: 1.4e18, to: 1.3e22 }]);
		expect((await allocate("--flops", "1e15", "--law", "1.7,406,411,.34,.28")).laws[0]).toMatchObject({
			beyond: null,
			law: { range: null },
		});
	});

	test("another size at the same loss", async () => {
		const { laws } = await allocate("--flops", "1e21", "--parameters", "1e9");
		const epoch = laws.find(({ law }) => law.id === "epoch")!;
		expect(epoch.overTraining).toMatchObject({
			parameters: 1e9,
			cost: expect.closeTo(epoch.overTraining!.flops / 1e21, 12),
		});
		const kaplan = laws.find(({ law }) => law.id === "kaplan")!;
		expect([kaplan.overTraining, kaplan.reasons.overTraining]).toEqual([
			null,
			expect.stringContaining("a law L(N, D)"),
		]);
		const [small] = (await allocate("--flops", "1e21", "--parameters", "1e6", "--law", "epoch")).laws as [LawAdvice];
		expect(small.reasons.overTraining).toBe(
			"1000000 parameters never reach that loss, however many tokens they are trained on",
		);
	});

	test("a law without losses says what it cannot", async () => {
		const argv = [
			"--flops",
			"1e21",
			"--law",
			"porian",
			"--parameters",
			"1e9",
			"--inference-tokens",
			"1e12",
			"--batch",
			"1e6",
		];
		const [{ inference, batch, loss, reasons }] = (await allocate(...argv)).laws as [LawAdvice];
		expect([inference, batch, loss]).toEqual([null, null, null]);
		expect(Object.values(reasons).every((reason) => typeof reason === "string")).toBe(true);
		const given = (await allocate(...argv, "--critical-batch", "2e6")).laws[0]!;
		expect(given.batch!.flops / 1e21).toBeCloseTo(1.5, 12);
	});

	test("one's own law, as numbers and as a file", async () => {
		const folder = await mkdtemp(join(tmpdir(), "isoflop-allocate-"));
		const file = join(folder, "fit.json");
		await writeFile(file, JSON.stringify({ E: 1.6934, A: 406.4, B: 410.7, alpha: 0.3392, beta: 0.2849 }));
		const published = (await allocate("--flops", "1e22", "--law", "chinchilla")).laws[0]!;
		for (const law of [file, "1.6934,406.4,410.7,.3392,.2849"]) {
			const own = (await allocate("--flops", "1e22", "--law", law)).laws[0]!;
			expect(own.parameters).toBe(published.parameters);
			expect(own.law).toMatchObject({ id: "own", counting: null });
		}
		await rm(folder, { recursive: true });
	});
});

test("a figure of the best sizes as SVG, with the laws that were asked for", async () => {
	const folder = await mkdtemp(join(tmpdir(), "isoflop-allocate-"));
	const file = join(folder, "laws.svg");
	const svgOf = async (...argv: string[]) => {
		const { code } = await isoflop("allocate", "--flops", "5.88e23", "--plot", file, ...argv);
		expect(code).toBe(0);
		return readFile(file, "utf8");
	};
	const all = await svgOf();
	expect(all).toMatch(/^<\?xml[\s\S]*<svg [\s\S]*<\/svg>\s*$/);
	expect(all).toContain("<title>Best model size against compute, by each law</title>");
	expect(all).toContain("Epoch 73.0B");
	for (const { label } of PUBLISHED_LAWS) expect(all).toContain(label);
	expect(all).not.toMatch(/NaN|undefined|Infinity/);
	const one = await svgOf("--law", "epoch", "--json");
	expect(one).toContain("Epoch 73.0B");
	expect(one).not.toContain("Porian");
	await rm(folder, { recursive: true });
});

test("as a table that states its units", async () => {
	const { code, printed, json } = await isoflop(
		...["allocate", "--flops", "5.88e23", "--inference-tokens", "1e12", "--batch", "4e6"],
	);
	const text = printed.join("\n");
	expect([code, json]).toEqual([0, []]);
	expect(text).toMatch(/^Epoch +total +73B +1\.34T +18\.4 +1\.9739 +0\.5126$/m);
	expect(text).toContain("Fitted on 57M to 16.2B parameters, 1.40e18 to 1.30e22 FLOP; this budget is above that");
	expect(text).toContain("N is the number of parameters, not millions or billions");
	expect(text).not.toMatch(/NaN|undefined|Infinity|null/);
});

describe("what cannot be: one line, exit code 2, nothing on stdout", () => {
	test.each([
		[[], "allocate: --flops is missing; give the training compute in FLOP"],
		[["--flops", "lots"], '--flops is "lots"; it must be a number from 1 to 1e+40'],
		[["--flops", "0"], '--flops is "0"'],
		[["--flops", "1e21", "--law", "gopher"], '--law is "gopher"; it must be all, kaplan, kaplan-fixed-batch,'],
		[["--flops", "1e21", "--law", "1,2"], '--law: "1,2" is not a law'],
		[["--flops", "1e21", "--law", "none.json"], "--law: none.json cannot be read (ENOENT)"],
		[["--flops", "1e21", "--inference-tokens", "x"], '--inference-tokens is "x"; it must be a number from 0 to 1e+30'],
		[["--flops", "1e21", "--batch", "0"], '--batch is "0"; it must be a number from 1 to 1000000000000000'],
		[["--flops", "1e21", "--critical-batch", "1e6"], "--critical-batch is given without --batch"],
	])("%j", async (argv, message) => {
		const { code, said, printed, json } = await isoflop("allocate", ...argv);
		expect(said).toEqual([expect.stringContaining(message)]);
		expect(said[0]).not.toContain("\n");
		expect([code, printed, json]).toEqual([2, [], []]);
	});
});
