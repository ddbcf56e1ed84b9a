import { describe, expect, test } from "vitest";
import type { FitReport } from "../../src/node/commands/fit-report.ts";
import { isoflop as runCommand } from "../node/isoflop.ts";
import { expected } from "../reference/expected.ts";
import { tablePath } from "./tables.ts";

async function isoflop(...argv: string[]) {
	const { json, ...rest } = await runCommand(...argv);
	return { ...rest, json: json[0] as FitReport };
}

describe("published points, through the command line", () => {
	test("porian_rw: every stage of the file by noise-and-interpolate and by Akima's curve", async () => {
		const { json } = await isoflop(
			"fit",
			tablePath("porian_isoflop_rw.csv"),
			"--method",
			"2",
			// What Porian et al. take for RefinedWeb.
			"--noise",
			"0.002",
			"--interval",
			"0.95",
			"--json",
		);
		const { stages } = expected.porian_rw;
		expect(json.experiments.map(({ name }) => name).sort()).toEqual(Object.keys(stages).sort());
		for (const { name, method2 } of json.experiments) {
			const { mine } = stages[name!];
			const { akima, noise } = method2!.variants;
			expect(Math.abs(akima.allocation.estimate! - mine.akima_argmin_OLS.a)).toBeLessThan(5e-4);
			expect(Math.abs(noise.allocation.estimate! - mine.noise_interp_bootstrap_weighted.a)).toBeLessThan(0.004);
			const [low, high] = mine.noise_interp_bootstrap_weighted.CI95;
			expect(Math.abs(noise.allocation.low! - low)).toBeLessThan(0.006);
			expect(Math.abs(noise.allocation.high! - high)).toBeLessThan(0.006);
		}
	});

	test("method3_epoch: the 240 points, with the bootstrap's spread", async () => {
		const argv = ["--method", "3", "--drop-highest", "5", "--interval", "0.8", "--at", "5.88e23", "--json"];
		const { json } = await isoflop("fit", tablePath("epoch_chinchilla_points.csv"), ...argv);
		const { method3, nextRuns } = json.experiments[0]!;
		const { a } = method3!.parameters;
		expect(Math.abs(a!.estimate - 0.5139)).toBeLessThan(2e-5 + 5e-5);
		expect(Math.abs(method3!.objective!.value / 1.018274018e-3 - 1)).toBeLessThan(1e-6);
		// Published: an 80 % interval of width 0.0514.
		expect(Math.abs((a!.high! - a!.low!) / 0.0514 - 1)).toBeLessThan(0.1);
		expect(method3!.bootstrap).toMatchObject({ kind: "runs drawn with replacement", runs: 240 });
		const bca = method3!.bootstrap!.bca!.a!;
		expect(bca.low).toBeLessThan(a!.estimate);
		expect(bca.high).toBeGreaterThan(a!.estimate);
		const [at] = method3!.predictions;
		expect(at!.parameters.estimate / 7.302e10).toBeCloseTo(1, 1);
		expect(at!.run!.high - at!.run!.low).toBeGreaterThan(at!.loss!.high! - at!.loss!.low!);
		expect(at!.ratio.low!).toBeLessThan(at!.ratio.high!);
		expect(nextRuns![0]!.narrowing).toBeGreaterThan(0);
	});

	test("muennighoff: the 182 runs of the published fit", async () => {
		const argv = ["--method", "data-constrained", "--where", "in_fit_182=1", "--json"];
		const { json, code } = await isoflop("fit", tablePath("muennighoff_runs.csv"), ...argv);
		expect(code).toBe(0);
		expect(json.experiments[0]!.points.total).toBe(182);
		expect(json.experiments[0]!.dataConstrained!.objective!.value).toBeLessThan(0.0158259353 * 1.0001);
	});
});

test("as text: a table of exponents, predictions, and what is left out", async () => {
	const { printed } = await isoflop("fit", tablePath("epoch_isoflop_subset.csv"), "--resamples", "50");
	const text = printed.join("\n");
	expect(printed[0]).toBe("116 points, 116 runs, 81 sizes, 9 budgets; N: total, C: column");
	expect(text).toMatch(/^Method 2, parabola +0\.494 \(0\.\d+–0\.\d+\)/m);
	expect(text).toMatch(/^at \S+ FLOP, 90 % +N\* +D\*/m);
	expect(text).toMatch(/^Method 2: The budget of 1\.00e\+20 FLOP is left out: the minimum lies at or beyond/m);
	expect(text).not.toMatch(/NaN|undefined|Infinity/);
});
