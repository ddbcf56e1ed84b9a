import { describe, expect, test } from "vitest";
import { keptTuning, type TuningStore, tunedFrom } from "../../src/gpu/kept-tuning.ts";
import type { TuningProblem } from "../../src/gpu/trials.ts";
import { type Tuning, tune } from "../../src/gpu/tuning.ts";
import { lateDevice } from "./late-device.ts";
import { testGpu } from "./open.ts";

const shader = {
	file: "square.wgsl",
	code: `struct Sizes { count: u32, turns: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(64)
fn square(@builtin(global_invocation_id) id: vec3u) {
	var v = f32(id.x);
	for (var i = 0u; i < sizes.turns; i++) { v = v + sin(v) * f32(sizes.count - 4096u); }
	if (id.x < WRITTEN) { y[id.x] = v * v * FACTOR; }
}
`,
};

const FLOPS = 1e6;

interface Square {
	subgroup?: number;
	turns: number;
	factor?: string;
	written?: number;
}

/** y[i] = i², in the given ways. */
function squares(variants: Record<string, Square>): TuningProblem {
	return {
		operation: { name: "square", variants },
		shaders: [shader],
		prepare(_, memory) {
			const y = memory.tensor("y", [1, 4096]);
			const dispatches: ReturnType<TuningProblem["prepare"]>["dispatches"] = ({ square }) => {
				const { turns, factor = "1.0", written = 4096 } = variants[square!]!;
				const header = `const FACTOR = ${factor};\nconst WRITTEN = ${written}u;`;
				return [
					{
						kernel: { shader, entryPoint: "square", header },
						bindings: { y },
						sizes: { count: 4096, turns },
						grid: [64, 1, 1],
						flops: FLOPS,
					},
				];
			};
			return { dispatches, results: [y] };
		},
	};
}

const slow = { turns: 2000 };
const fast = { turns: 1 };

describe("tuning", () => {
	test("measures no variant whose subgroups are larger than the adapter's", async () => {
		const gpu = { ...(await testGpu()), subgroups: { min: 4, max: 4, controlled: false } };
		const { variants, trials } = await tune(gpu, [squares({ slow, fast: { ...fast, subgroup: 8 } })]);
		expect(variants).toEqual({ square: "slow" });
		expect(trials.map(({ variant }) => variant)).toEqual(["slow"]);
	});

	test("chooses the fastest variant, whatever their order", async () => {
		const gpu = await testGpu();
		for (const variants of [
			{ slow, fast },
			{ fast, slow },
		]) {
			const tuning = await tune(gpu, [squares(variants)]);
			expect(tuning.adapter).toBe(gpu.name);
			expect(tuning.variants).toEqual({ square: "fast" });
			const [a, b] = ["fast", "slow"].map((name) => tuning.trials.find(({ variant }) => variant === name)!);
			expect(a!.milliseconds).toBeLessThan(b!.milliseconds!);
		}
	});

	test("tells fast kernels apart where the end of work is noticed late, and there are no timestamps", async () => {
		const gpu = await testGpu();
		const queue = new Proxy(gpu.device.queue, {
			get(target, name) {
				if (name === "onSubmittedWorkDone")
					return async () => {
						await target.onSubmittedWorkDone();
						await new Promise((late) => setTimeout(late, 10));
					};
				return (Reflect.get(target, name) as () => void).bind(target);
			},
		});
		const device = new Proxy(gpu.device, {
			get(target, name) {
				if (name === "queue") return queue;
				const value: unknown = Reflect.get(target, name);
				return typeof value === "function" ? value.bind(target) : value;
			},
		});
		// Both take much less than the delay, and so different times that other work on the processors does not hide it.
		const variants = { slower: { turns: 60 }, fast };
		const tuning = await tune({ ...gpu, device, software: false }, [squares(variants)]);
		expect(tuning.variants).toEqual({ square: "fast" });
	});

	test("tells variants apart where the end of work is seen every 100 ms", async () => {
		const gpu = await testGpu();
		const { device, nudges } = lateDevice(gpu.device);
		const variants = { slower: { turns: 60 }, fast };
		const tuning = await tune({ ...gpu, device, software: false }, [squares(variants)]);
		expect(tuning.variants).toEqual({ square: "fast" });
		expect(nudges()).toBeGreaterThan(0);
		for (const { milliseconds } of tuning.trials) expect(milliseconds).toBeLessThan(40);
	});

	test("says how fast the slowest of the operations is, each in its fastest variant", async () => {
		const other = squares({ slow });
		const slower = { ...other, operation: { ...other.operation, name: "slower" } };
		const { prepare } = slower;
		slower.prepare = (device, memory) => {
			const { dispatches, results } = prepare(device, memory);
			return { dispatches: ({ slower }) => dispatches({ square: slower! }), results };
		};
		const tuning = await tune(await testGpu(), [squares({ slow, fast }), slower]);
		const { milliseconds } = tuning.trials.find(({ operation }) => operation === "slower")!;
		expect(tuning.flopsPerMillisecond).toBe(FLOPS / milliseconds!);
	});

	test("measures an operation with what was chosen of those before", async () => {
		const choices: unknown[] = [];
		const other = squares({ slow, fast });
		const second: TuningProblem = {
			...{ shaders: other.shaders, operation: { name: "second", variants: { only: fast } } },
			prepare(device, memory) {
				const { dispatches, results } = other.prepare(device, memory);
				const recorded: typeof dispatches = (choice) => {
					choices.push(choice);
					return dispatches(choice);
				};
				return { dispatches: recorded, results };
			},
		};
		await tune(await testGpu(), [other, second]);
		expect(choices).toEqual([{ square: "fast", second: "only" }]);
	});

	test("rejects a variant that is wrong, incomplete or does not compile, however fast, and says why", async () => {
		const variants = {
			slow,
			wrong: { turns: 1, factor: "1.001" },
			incomplete: { turns: 1, written: 4095 },
			broken: { turns: 1, factor: "nothing" },
		};
		const tuning = await tune(await testGpu(), [squares(variants)]);
		expect(tuning.variants).toEqual({ square: "slow" });
		const rejected = Object.fromEntries(tuning.trials.map((trial) => [trial.variant, trial.rejected]));
		expect(rejected.slow).toBeUndefined();
		expect(rejected.wrong).toMatch(/^y\[\d+\] is [\d.]+, the first variant's is \d+$/);
		expect(rejected.incomplete).toMatch(/^y\[4095\] is 3\.\d+e\+38, the first variant's is 16769025$/);
		expect(rejected.broken).toContain("nothing");
	});

	test("a first variant that does not compile leaves the choice to the others", async () => {
		const tuning = await tune(await testGpu(), [squares({ broken: { turns: 1, factor: "nothing" }, fast })]);
		expect(tuning.variants).toEqual({ square: "fast" });
	});

	test("ends with an error where no variant works", async () => {
		const problem = squares({ broken: { turns: 1, factor: "nothing" } });
		await expect(tune(await testGpu(), [problem])).rejects.toThrow(
			/^square: no variant works on this adapter: .*nothing/s,
		);
	});
});

describe("a kept tuning", () => {
	function memoryStore() {
		const kept = new Map<string, string>();
		const store: TuningStore = {
			load: async (adapter) => JSON.parse(kept.get(adapter) ?? "null"),
			save: async (tuning) => void kept.set(tuning.adapter, JSON.stringify(tuning)),
			remove: async (adapter) => void kept.delete(adapter),
		};
		return { kept, store };
	}

	/** The tuning of `variants` from the store, and whether it was measured for that. */
	async function tuned(store: TuningStore, variants: Record<string, Square>, anew = false) {
		let measured = false;
		const measuring = () => {
			measured = true;
		};
		const tuning = await tunedFrom(store, await testGpu(), [squares(variants)], { anew, measuring });
		return { tuning, measured };
	}

	test("is found again, and measured only once", async () => {
		const { store } = memoryStore();
		const first = await tuned(store, { slow, fast });
		expect(first.measured).toBe(true);
		expect(await tuned(store, { slow, fast })).toEqual({ tuning: first.tuning, measured: false });
		expect((await tuned(store, { slow, fast }, true)).measured).toBe(true);
	});

	/** Problems of these names, with the variants that each build of a program is of. */
	function named(names: string[], variants: Record<string, Square>) {
		const built: string[] = [];
		const problems = names.map((name): TuningProblem => {
			const { operation, shaders, prepare } = squares(variants);
			return {
				...{ shaders, operation: { ...operation, name } },
				prepare(device, memory) {
					const { dispatches, results } = prepare(device, memory);
					const counted: typeof dispatches = (choice) => {
						built.push(`${name} ${choice[name]}`);
						return dispatches({ square: choice[name]! });
					};
					return { dispatches: counted, results };
				},
			};
		});
		return { problems, built };
	}

	test("keeps every operation that was measured before something went wrong", async () => {
		const { store } = memoryStore();
		const gpu = await testGpu();
		const { problems, built } = named(["a", "b"], { slow, fast });
		const broken = problems.with(1, {
			...problems[1]!,
			prepare() {
				throw new Error("the program was stopped");
			},
		});
		await expect(tunedFrom(store, gpu, broken)).rejects.toThrow("the program was stopped");
		expect((await keptTuning(store, gpu.name, problems))?.variants).toEqual({ a: "fast" });
		const shares: number[] = [];
		const tuning = await tunedFrom(store, gpu, problems, { progress: (done, total) => shares.push(done / total) });
		expect(tuning.variants).toEqual({ a: "fast", b: "fast" });
		expect(built).toEqual(["a slow", "a fast", "b slow", "b fast"]);
		expect(shares).toEqual([0, 0.5, 1]);
		expect(await tunedFrom(store, gpu, problems)).toEqual(tuning);
	});

	test("leaves what there is no time for on a GPU to the next time", async () => {
		const gpu = { ...(await testGpu()), software: false };
		const { problems } = named(["a", "b"], { slow, fast });
		const first = await tune(gpu, problems, { limit: 1e-3 });
		expect(Object.keys(first.variants)).toEqual(["a"]);
		expect(first.flopsPerMillisecond).toBeGreaterThan(0);
		const second = await tune(gpu, problems, { from: first, limit: 60_000 });
		expect(second.variants).toEqual({ a: first.variants.a, b: "fast" });
		expect(second.trials.filter(({ operation }) => operation === "a")).toEqual(first.trials);
	});

	/** A GPU that is lost as soon as the store is told that just these variants are tried. */
	async function losing(store: TuningStore, variants: string[]) {
		let lose = (_: string) => {};
		const lost = new Promise<string>((resolve) => {
			lose = resolve;
		});
		const gpu = { ...(await testGpu()), software: false, lost };
		const watching: TuningStore = {
			...store,
			async save(tuning) {
				await store.save(tuning);
				if (`${tuning.trying?.variants}` !== `${variants}`) return;
				lose("the GPU hung");
				return new Promise(() => {});
			},
		};
		return { gpu, watching };
	}

	test("does not try a variant again that the GPU hung with, unless it is forgotten", async () => {
		const { store } = memoryStore();
		const { problems, built } = named(["a", "b"], { fast, hanging: slow, slow });
		const { gpu, watching } = await losing(store, ["hanging"]);
		await expect(tunedFrom(watching, gpu, problems)).rejects.toThrow("the GPU hung");
		const sound = { ...(await testGpu()), software: false };
		for (const anew of [false, true]) {
			built.length = 0;
			const { trials, variants } = await tunedFrom(store, sound, problems, { anew });
			expect(variants).toEqual({ a: "fast", b: "fast" });
			const hung = trials.filter((trial) => trial.hung);
			expect(hung).toEqual([
				{ operation: "a", variant: "hanging", hung: true, rejected: expect.stringContaining("never came to an end") },
			]);
			expect(built).toEqual(["a fast", "a slow", "b fast", "b hanging", "b slow"]);
		}
		await store.remove(sound.name);
		expect((await tunedFrom(store, sound, problems)).trials.some((trial) => trial.hung)).toBe(false);
	});

	test("finds the variant that the GPU hangs with while several are compiled", async () => {
		const { store } = memoryStore();
		const { problems, built } = named(["a"], { fast, hanging: slow, slow });
		const all = await losing(store, ["fast", "hanging", "slow"]);
		await expect(tunedFrom(all.watching, all.gpu, problems)).rejects.toThrow("the GPU hung");
		const one = await losing(store, ["hanging"]);
		await expect(tunedFrom(one.watching, one.gpu, problems)).rejects.toThrow("the GPU hung");
		// It was known before it was compiled.
		expect(built).toEqual(["a fast"]);
		const { trials } = await tunedFrom(store, { ...(await testGpu()), software: false }, problems);
		expect(trials.filter((trial) => trial.hung).map(({ variant }) => variant)).toEqual(["hanging"]);
	});

	test("of other variants, of another adapter, or that is no tuning, is measured anew", async () => {
		const { kept, store } = memoryStore();
		const { tuning } = await tuned(store, { slow, fast });
		expect((await tuned(store, { slow, fast, other: fast })).measured).toBe(true);
		const broken: unknown[] = [
			{ ...tuning, adapter: "another" },
			{ ...tuning, variants: { square: "unheard of" } },
			{ ...tuning, variants: undefined },
			{ ...tuning, flopsPerMillisecond: undefined },
			"nonsense",
			null,
		];
		for (const value of broken) {
			kept.set(tuning.adapter, JSON.stringify(value) ?? "null");
			const again: { tuning: Tuning; measured: boolean } = await tuned(store, { slow, fast });
			expect(again.measured, JSON.stringify(value)).toBe(true);
			expect(again.tuning.variants).toEqual({ square: "fast" });
		}
	});
});
