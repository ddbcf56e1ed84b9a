import { describe, expect, test, vi } from "vitest";
import { randomKey, uniform } from "../../src/maths/random.ts";
import type { PlannedRun } from "../../src/run/events.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { ScheduleSpec } from "../../src/run/schedule.ts";
import type { Checkpoint } from "../../src/train/checkpoint.ts";
import { Pace } from "../../src/train/pace.ts";
import { Pack } from "../../src/train/pack.ts";
import { cumulativeCosts } from "../../src/train/submit-split.ts";
import { train } from "../../src/train/train.ts";
import { testGpu } from "../gpu/open.ts";
import { expectClose } from "../reference/compare.ts";
import { corpus, madeCorpus, madeRun, only, trained } from "./made.ts";

/** Checkpoints after the given steps, and results. */
async function checkpointed(
	runs: PlannedRun[],
	checkpointAt: number[],
	from?: Checkpoint[],
	flopsPerMillisecond = Number.POSITIVE_INFINITY,
) {
	const checkpoints: Checkpoint[][] = [];
	let results: RunResult[] = [];
	const corpora = runs.map(() => only(corpus));
	const gpu = { ...(await testGpu()), flopsPerMillisecond };
	for await (const event of train(gpu, runs, corpora, { checkpointAt, ...(from && { from }) })) {
		if (event.type === "checkpoint") checkpoints.push(event.checkpoints);
		if (event.type === "end") results = event.results;
	}
	return { checkpoints, results };
}

const bits = (checkpoint: Checkpoint) =>
	[...checkpoint.weights].map(([name, { data }]) => [name, new Uint32Array((data as Float32Array).buffer)]);

test("a run learns, and reports what it did", async () => {
	const steps: number[] = [];
	let points = 0;
	for await (const event of train(await testGpu(), [madeRun("a")], [only(corpus)])) {
		if (event.type === "start") expect(event.bytes).toBeGreaterThan(100_000);
		if (event.type === "progress") {
			steps.push(event.runs[0]!.step);
			points += event.runs[0]!.points.length;
		}
		if (event.type !== "end") continue;
		const [result] = event.results as [RunResult];
		expect(result.status).toBe("finished");
		expect(result.tokens).toBe(60 * 6 * 8);
		expect(result.curve.loss[0]).toBeCloseTo(Math.log(40), 0);
		expect(result.validationLoss!).toBeLessThan(2.5);
		expect(points).toBe(result.curve.loss.length);
		expect(result.curve.tokens.every((t, i, all) => i === 0 || t > all[i - 1]!)).toBe(true);
		const { gradientNorm, updateRatio, noiseScale } = result.measurements;
		for (const list of [gradientNorm, updateRatio, noiseScale]) expect(list.length).toBe(points);
		expect(gradientNorm.every((norm) => norm > 0.01 && norm < 100)).toBe(true);
		// Adam's first step moves every entry by the rate, over weights of about 0.02 and gains of 1.
		expect(updateRatio.every((ratio) => ratio > 1e-4 && ratio < 0.5)).toBe(true);
		expect(noiseScale.filter((scale) => scale !== null && scale > 0).length).toBeGreaterThan(points / 2);
		expect("validationCurve" in result || "validationLossEma" in result || "divergedAt" in result).toBe(false);
	}
	expect(steps.at(-1)).toBe(60);
});

test.each([
	["a transformer", {}],
	["an LSTM", { architecture: "lstm" as const }],
])("%s gives the same bits alone, again, and in packs that share their tokens or do not", async (_, model) => {
	const [one, two] = [madeCorpus(1), madeCorpus(2)];
	const run = (id: string, change: Parameters<typeof madeRun>[1] = {}) => madeRun(id, { model, ...change });
	const [alone] = await trained([run("a")], [one]);
	const [again] = await trained([run("a")], [one]);
	const shared = await trained(
		[run("b", { optimizer: { learningRate: 0.001 } }), run("a"), run("c", { optimizer: { beta2: 0.99 } })],
		[one, one, one],
	);
	const mixed = await trained([run("b", { seed: 5 }), run("d"), run("a")], [one, two, one]);
	expect(again).toEqual(alone);
	expect(shared[1]).toEqual(alone);
	expect(mixed[2]).toEqual(alone);
	expect(shared[0]!.curve).not.toEqual(alone!.curve);
	expect(mixed[1]!.curve).not.toEqual(alone!.curve);
});

test("evaluated at set times: the losses of the study's own validation set, and the last one again", async () => {
	const [often] = await trained([madeRun("a", { validationEvery: 25 })]);
	const [once] = await trained([madeRun("a")]);
	expect(often!.validationCurve!.tokens).toEqual([25, 50, 60].map((step) => step * 48));
	expect(often!.validationCurve!.loss[2]).toBe(often!.validationLoss);
	expect(often!.validationCurve!.loss[0]).toBeGreaterThan(often!.validationLoss!);
	// Looking changes nothing.
	const { spec: _, validationCurve: __, ...rest } = often!;
	expect(once).toMatchObject(rest);
	const [short] = await trained([
		madeRun("a", { steps: 25, schedule: { kind: "constant", warmupSteps: 3, floor: 1 } }),
	]);
	const [long] = await trained([
		madeRun("a", { validationEvery: 25, schedule: { kind: "constant", warmupSteps: 3, floor: 1 } }),
	]);
	expect(long!.validationCurve!.loss[0]).toBe(short!.validationLoss);
});

describe("the average of the weights", () => {
	test("follows them with its decay, from the initial weights on, at first faster", async () => {
		const decay = 0.6;
		const runs = [madeRun("a", { ema: decay, steps: 6 }), madeRun("b", { ema: 0.05, seed: 2, steps: 6 })];
		const { checkpoints } = await checkpointed(runs, [1, 2, 3, 4, 5, 6]);
		const name = "h.0.mlp.c_fc.weight";
		for (const run of [0, 1]) {
			const at = checkpoints.map((ofRuns) => ofRuns[run]!.weights);
			for (let step = 2; step <= 6; step++) {
				const d = Math.min(runs[run]!.spec.ema!, (1 + step) / (10 + step));
				const before = at[step - 2]!.get(`ema.${name}`)!.data as Float32Array;
				const p = at[step - 1]!.get(`parameters.${name}`)!.data as Float32Array;
				const expected = Array.from(before, (e, i) => d * e + (1 - d) * p[i]!);
				expectClose(at[step - 1]!.get(`ema.${name}`)!.data as Float32Array, expected, 1e-5, `step ${step}`);
			}
		}
	});

	test("is evaluated beside them", async () => {
		const run = madeRun("a", { ema: 0.9, validationEvery: 20, schedule: { kind: "linear", warmupSteps: 3, floor: 0 } });
		const { checkpoints, results } = await checkpointed([run], [59]);
		const { validationLoss, validationLossEma, validationCurve } = results[0]!;
		expect(Math.abs(validationLossEma! - validationLoss!)).toBeGreaterThan(1e-4);
		expect(validationCurve!.lossEma!.at(-1)).toBe(validationLossEma);
		expect(validationCurve!.lossEma!.length).toBe(3);
		// The last step's rate is 0, so a run whose weights are the average ends with both alike.
		const [checkpoint] = checkpoints[0]!;
		for (const name of [...checkpoint!.weights.keys()])
			if (name.startsWith("ema."))
				checkpoint!.weights.set(name.replace("ema", "parameters"), checkpoint!.weights.get(name)!);
		const [alike] = (await checkpointed([run], [], [checkpoint!])).results;
		expect(alike!.validationLossEma!).toBeCloseTo(alike!.validationLoss!, 5);
		expect(alike!.validationLoss!).not.toBeCloseTo(validationLoss!, 5);
	});
});

describe("a run that diverges", () => {
	const points: [number, number][] = [
		[0, 1e-30],
		[0.5, 1e-30],
		[0.51, 1],
		[1, 1],
	];
	const diverging = madeRun("z", {
		optimizer: { learningRate: 1e30 },
		schedule: { kind: "piecewise", warmupSteps: 0, floor: 0, points },
	});

	test("is frozen at that step and says so; the others continue to the same bits", async () => {
		const alone = await checkpointed([madeRun("a")], [60]);
		const pack = await checkpointed([diverging, madeRun("a")], [30, 40, 60]);
		const [diverged, other] = pack.results;
		expect(other).toEqual(alone.results[0]);
		expect(bits(pack.checkpoints[2]![1]!)).toEqual(bits(alone.checkpoints[0]![0]!));
		// The rate explodes in step 31; the loss tells in the next.
		expect(diverged).toMatchObject({ status: "diverged", divergedAt: 32, validationLoss: null, tokens: 31 * 48 });
		expect(diverged!.curve.loss.every(Number.isFinite)).toBe(true);
		expect(diverged!.curve.tokens.at(-1)).toBeLessThanOrEqual(31 * 48);
		const [before, after, last] = pack.checkpoints.map(([ofRun]) => bits(ofRun!));
		expect(after).not.toEqual(before);
		expect(last).toEqual(after);
	});

	test("because its loss explodes, though it is a number", async () => {
		const [result] = await trained([madeRun("z", { optimizer: { learningRate: 30 } })]);
		expect(result).toMatchObject({ status: "diverged", validationLoss: null });
		expect(result!.divergedAt).toBeGreaterThan(1);
		expect(Math.max(...result!.curve.loss)).toBeLessThan(10 * Math.log(40));
	});
});

test("a cooldown that begins from the checkpoint of a longer run is the run it would be alone", async () => {
	const of = (id: string, steps: number, kind: "constant" | "linear" | "1-sqrt") => {
		const schedule: ScheduleSpec =
			kind === "constant"
				? { kind, warmupSteps: 3, floor: 1 }
				: { kind: "wsd", warmupSteps: 3, floor: 0, cooldown: kind, cooldownSteps: steps / 5 };
		return madeRun(id, { steps, schedule, validationEvery: 10, ema: 0.9 });
	};
	const trunk = await checkpointed([of("trunk", 50, "linear"), of("other", 50, "constant")], [16, 32]);
	for (const [i, steps] of [20, 40].entries())
		for (const kind of ["linear", "1-sqrt"] as const)
			for (const parent of [0, 1]) {
				const run = of("branch", steps, kind);
				const branch = await checkpointed([run], [steps], [trunk.checkpoints[i]![parent]!]);
				const alone = await checkpointed([run], [steps]);
				expect(branch.results).toEqual(alone.results);
				expect(bits(branch.checkpoints[0]![0]!)).toEqual(bits(alone.checkpoints[0]![0]!));
			}
});

test("however the work is cut into submits: the same bits, losses and averages", async () => {
	const runs = [madeRun("a", { validationEvery: 7, ema: 0.9, steps: 30 })];
	const whole = await checkpointed(runs, [10, 30]);
	const work = vi.spyOn(Pace.prototype, "work", "get");
	try {
		for (const [key, least, most] of [
			[1, 0.001, 0.001],
			[2, 0.001, 0.4],
			[3, 0.1, 5],
			[4, 1, 500],
		] as const) {
			let draw = 0;
			work.mockImplementation(() => least + (most - least) * uniform(randomKey(key, "work"), draw++));
			const cut = await checkpointed(runs, [10, 30]);
			expect(cut.results, `${least} to ${most} micro-steps`).toEqual(whole.results);
			expect(cut.checkpoints.map(([ofRun]) => bits(ofRun!))).toEqual(whole.checkpoints.map(([ofRun]) => bits(ofRun!)));
		}
	} finally {
		work.mockRestore();
	}
});

test.each([
	["a transformer", {}],
	["an LSTM", { architecture: "lstm" as const }],
])("%s on a GPU so slow that dispatches are cut: the same bits, losses and averages", async (_, model) => {
	const run = (id: string, seed: number) => madeRun(id, { seed, validationEvery: 7, ema: 0.9, steps: 14, model });
	const runs = [run("a", 1), run("b", 2), run("c", 3)];
	const encode = vi.spyOn(Pack.prototype, "encodeMicroStep");
	/** Launches of the first micro-step. */
	const launches = () => (encode.mock.contexts[0] as Pack).launchCosts(0).length;
	try {
		const whole = await checkpointed(runs, [14]);
		const dispatches = launches();
		encode.mockClear();
		const cut = await checkpointed(runs, [14], undefined, 1);
		expect(launches()).toBeGreaterThan(2 * dispatches);
		expect(cut.results).toEqual(whole.results);
		expect(cut.checkpoints[0]!.map(bits)).toEqual(whole.checkpoints[0]!.map(bits));
	} finally {
		encode.mockRestore();
	}
});

test("a submit holds no more than the pace says, or one launch", async () => {
	const most = 0.12;
	const work = vi.spyOn(Pace.prototype, "work", "get").mockReturnValue(most);
	const encode = vi.spyOn(Pack.prototype, "encodeMicroStep");
	try {
		await checkpointed([madeRun("a", { steps: 5 })], []);
		const submits = new Map<GPUComputePassEncoder, { cost: number; launches: number }>();
		for (const [i, [pass, { microStep }, from, to]] of encode.mock.calls.entries()) {
			const costs = cumulativeCosts((encode.mock.contexts[i] as Pack).launchCosts(microStep), 1);
			const { cost, launches } = submits.get(pass) ?? { cost: 0, launches: 0 };
			submits.set(pass, { cost: cost + costs[to!]! - costs[from!]!, launches: launches + to! - from! });
		}
		const costs = [...submits.values()].map(({ cost }) => cost);
		const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
		expect(sum(costs)).toBeCloseTo(10, 9);
		// A launch is not cut: a submit of one may cost more than the pace says.
		const beyond = sum(costs.map((cost) => Math.max(0, cost - most)));
		expect(submits.size).toBeGreaterThan((10 - beyond) / most);
		for (const { cost, launches } of submits.values())
			expect(cost).toBeLessThanOrEqual(launches === 1 ? 1 : most + 1e-9);
	} finally {
		work.mockRestore();
		encode.mockRestore();
	}
});

test("nothing is allocated, bound or compiled while it trains, evaluates and takes checkpoints", async () => {
	const gpu = await testGpu();
	const making = ["createBuffer", "createBindGroup", "createBindGroupLayout", "createShaderModule"] as const;
	const spies = [...making, "createComputePipeline" as const, "createComputePipelineAsync" as const].map((name) =>
		vi.spyOn(gpu.device, name),
	);
	try {
		const run = madeRun("a", { validationEvery: 10, ema: 0.9 });
		for await (const event of train(gpu, [run], [only(corpus)], { checkpointAt: [15, 30] })) {
			if (event.type === "start") {
				expect(spies.some((spy) => spy.mock.calls.length > 0)).toBe(true);
				for (const spy of spies) spy.mockClear();
			}
			if (event.type === "end") for (const spy of spies) expect(spy).not.toHaveBeenCalled();
		}
	} finally {
		for (const spy of spies) spy.mockRestore();
	}
});

test("memory that is not to be had is reported, whenever it is asked for", async () => {
	const gpu = await testGpu();
	const pop = vi.spyOn(gpu.device, "popErrorScope");
	// The scope of the copies for checkpoints, which come after the pack's own.
	const error = { message: "out of memory" } as GPUOutOfMemoryError;
	let outOfMemoryScopes = 0;
	const push = vi.spyOn(gpu.device, "pushErrorScope").mockImplementation((filter) => {
		if (filter === "out-of-memory") outOfMemoryScopes++;
	});
	pop.mockImplementation(async () => (outOfMemoryScopes === 2 ? error : null));
	try {
		await expect(trained([madeRun("a")], undefined, { checkpointLast: true })).rejects.toThrow(
			/: out of memory, \d+ bytes are needed; use a smaller model or batch, or close other programs$/,
		);
		expect(outOfMemoryScopes).toBe(2);
	} finally {
		pop.mockRestore();
		push.mockRestore();
	}
});

test("closing the generator frees the memory of the pack", async () => {
	const gpu = await testGpu();
	const training = train(gpu, [madeRun("a")], [only(corpus)]);
	await training.next();
	await training.return();
	expect((await training.next()).done).toBe(true);
	const [result] = await trained([madeRun("a")]);
	expect(result!.status).toBe("finished");
});
