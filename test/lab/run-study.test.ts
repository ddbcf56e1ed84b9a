import { describe, expect, test, vi } from "vitest";
import type { RunCorpora } from "../../src/data/corpus.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { type RunStudyOptions, runStudy } from "../../src/lab/run-study.ts";
import type { PlannedRun, StudyEvent } from "../../src/run/events.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { RunStore } from "../../src/run/store.ts";
import { planStudy } from "../../src/study/planner.ts";
import type { TrainEvent } from "../../src/train/events.ts";
import { corpora, resultOf, studyWith } from "../study/fixtures.ts";

// The order of events, without a device: training is replaced. Real training is in run-study-gpu.test.ts.

const plan = await planStudy(studyWith({ corpora: ["speeches", "novel"], learningRates: [0.01] }), corpora);

function memoryStore(...results: RunResult[]): RunStore & { saved: string[] } {
	const all = new Map(results.map((result) => [result.id, result]));
	const saved: string[] = [];
	return {
		saved,
		load: async (ids) => ids.flatMap((id) => all.get(id) ?? []),
		save: async (result) => {
			await new Promise((resolve) => setTimeout(resolve, 1));
			all.set(result.id, result);
			saved.push(result.id);
		},
	};
}

const neverLost: Gpu["lost"] = new Promise(() => {});

function setUp(changes: Partial<RunStudyOptions> = {}) {
	const trained: PlannedRun[][] = [];
	const freed: number[] = [];
	const corporaOf: string[][] = [];
	async function* train(_gpu: Gpu, runs: PlannedRun[], tokens: RunCorpora[]): AsyncGenerator<TrainEvent, void, void> {
		trained.push(runs);
		corporaOf.push(tokens.map(({ training }) => training.map(({ corpus }) => corpus.id).join()));
		const pack = trained.length;
		try {
			yield { type: "start", bytes: 1000 };
			for (const step of [20, 40])
				yield { type: "progress", runs: runs.map(({ id }) => ({ id, step, points: [] })), tokensPerSecond: 1 };
			yield { type: "end", results: runs.map((run) => resultOf(run)) };
		} finally {
			freed.push(pack);
		}
	}
	const loadTokenized = vi.fn<RunStudyOptions["loadTokenized"]>(async (id, vocabulary, onProgress) => {
		onProgress?.(1, 2);
		await Promise.resolve();
		onProgress?.(2, 2);
		const hash = corpora.find((info) => info.id === id)!.hash;
		return { corpus: { id, hash }, vocabulary, train: new Uint16Array(1), validation: new Uint16Array(1) };
	});
	const store = memoryStore();
	const gpu = { name: "a test", lost: neverLost } as Gpu;
	return {
		options: { gpu, plan, loadTokenized, store, train, ...changes },
		trained,
		freed,
		corporaOf,
		loadTokenized,
		store,
	};
}

async function collect(events: AsyncIterable<StudyEvent>): Promise<StudyEvent[]> {
	const all: StudyEvent[] = [];
	for await (const event of events) all.push(event);
	return all;
}

test("the events of a study, in order", async () => {
	const { options, trained, freed, corporaOf } = setUp();
	const events = await collect(runStudy(options));
	const types = events.map((event) => event.type).filter((type) => type !== "tokenizing");
	const ofPack = ["pack", "progress", "progress", "finished", "finished"];
	expect(types).toEqual(["planned", ...ofPack, ...ofPack, ...ofPack, "done"]);
	expect(events[0]).toEqual({ type: "planned", runs: plan.runs, stored: [], adapter: "a test" });
	expect(trained.map((pack) => pack.map((run) => run.id))).toEqual(plan.packs);
	expect(corporaOf).toEqual(trained.map((pack) => pack.map((run) => run.spec.corpus.id)));
	expect(freed).toEqual([1, 2, 3]);
});

test("each corpus is tokenized once, with progress", async () => {
	const { options, loadTokenized } = setUp();
	const events = await collect(runStudy(options));
	expect(loadTokenized).toHaveBeenCalledTimes(2);
	const last = events.filter((event) => event.type === "tokenizing").filter((event) => event.done === event.total);
	expect(last.map((event) => event.corpus).sort()).toEqual(["novel", "speeches"]);
});

test("a run is shown as finished only after it is saved", async () => {
	const { options, store } = setUp();
	for await (const event of runStudy(options))
		if (event.type === "finished") expect(store.saved.at(-1)).toBe(event.result.id);
	expect(store.saved).toEqual(plan.runs.map((run) => run.id));
});

test("stored runs are not trained again, not even those of a pack that others are missing from", async () => {
	const [first, second, third] = plan.runs;
	const store = memoryStore(resultOf(first!), resultOf(second!), resultOf(third!));
	const { options, trained } = setUp({ store });
	const events = await collect(runStudy(options));
	expect((events[0] as { stored: RunResult[] }).stored.length).toBe(3);
	expect(trained.flat()).toEqual(plan.runs.slice(3));
	const again = await collect(runStudy(options));
	expect(again.map((event) => event.type)).toEqual(["planned", "done"]);
});

test("a study in 16-bit floats is refused before anything is read or trained, unless all of it is stored", async () => {
	const plan = await planStudy(studyWith({ learningRates: [0.01], storage: "f16" }), corpora);
	const gpu = { name: "an old GPU", lost: neverLost, device: { features: new Set() } } as unknown as Gpu;
	const { options, trained, loadTokenized } = setUp({ plan, gpu });
	await expect(collect(runStudy(options))).rejects.toThrow('storage is "f16", but an old GPU has no 16-bit floats');
	expect([trained, loadTokenized.mock.calls]).toEqual([[], []]);
	const stored = setUp({ plan, gpu, store: memoryStore(...plan.runs.map((run) => resultOf(run))) });
	expect((await collect(runStudy(stored.options))).at(-1)).toEqual({ type: "done" });
});

describe("ending early", () => {
	test("closing the generator frees the pack's memory", async () => {
		const { options, freed, store } = setUp();
		for await (const event of runStudy(options)) if (event.type === "progress") break;
		expect(freed).toEqual([1]);
		expect(store.saved).toEqual([]);
	});

	test("aborting rejects with the reason and frees the pack's memory", async () => {
		const abort = new AbortController();
		const { options, freed, store } = setUp({ signal: abort.signal });
		const run = (async () => {
			for await (const event of runStudy(options)) if (event.type === "finished") abort.abort(new Error("enough"));
		})();
		await expect(run).rejects.toThrow("enough");
		expect(freed).toEqual([1]);
		expect(store.saved.length).toBe(2);
	});

	test("a pack that was trained to its end is saved whole, even when aborted meanwhile", async () => {
		const abort = new AbortController();
		const { options, store } = setUp({ signal: abort.signal });
		const run = (async () => {
			for await (const event of runStudy(options)) if (event.type === "finished") abort.abort(new Error("enough"));
		})();
		await expect(run).rejects.toThrow("enough");
		expect(store.saved).toEqual(plan.packs[0]);
	});

	test("a device lost while training waits for it ends the study with the reason", async () => {
		async function* train(): AsyncGenerator<TrainEvent, void, void> {
			yield { type: "start", bytes: 0 };
			await new Promise(() => {});
		}
		let lose: (reason: string) => void = () => {};
		const lost = new Promise<string>((resolve) => {
			lose = resolve;
		});
		const { options } = setUp({ train, gpu: { name: "a test", lost } as Gpu });
		const run = (async () => {
			for await (const event of runStudy(options)) if (event.type === "pack") setTimeout(() => lose("unplugged"), 5);
		})();
		await expect(run).rejects.toThrow(
			"the GPU was lost: unplugged; finished runs are kept, start the study again to continue",
		);
	});

	describe("or each time one more is opened", () => {
		/** Devices that are lost at once, but for those after number `lasting`. */
		const losing = (lasting: number) => {
			let opened = 0;
			const next = (): Gpu => {
				opened++;
				const lost: Gpu["lost"] = opened > lasting ? neverLost : Promise.resolve(`unplugged ${opened}`);
				return { name: `device ${opened}`, lost } as Gpu;
			};
			const { options } = setUp();
			const train: RunStudyOptions["train"] = async function* (gpu, runs, tokens) {
				if (Number(gpu.name.split(" ")[1]) <= lasting) await new Promise(() => {});
				yield* options.train(gpu, runs, tokens);
			};
			return { ...options, train, gpu: next(), reopen: async () => next(), opened: () => opened };
		};

		test("after two losses in a row the third device trains everything", async () => {
			const options = losing(2);
			const events = await collect(runStudy(options));
			expect(events.filter((event) => event.type === "recovered")).toEqual([
				{ type: "recovered", reason: "unplugged 1", adapter: "device 2" },
				{ type: "recovered", reason: "unplugged 2", adapter: "device 3" },
			]);
			expect(events.filter((event) => event.type === "finished").length).toBe(plan.runs.length);
			expect(events.at(-1)).toEqual({ type: "done" });
		});

		test("after three it stops, and says so", async () => {
			const options = losing(Number.POSITIVE_INFINITY);
			await expect(collect(runStudy(options))).rejects.toThrow(
				"the GPU was lost 3 times in a row: unplugged 3; finished runs are kept, start the study again to continue",
			);
			expect(options.opened()).toBe(3);
		});

		test("finished runs between losses begin the count again", async () => {
			const { options, trained } = setUp();
			let lose = (_: string) => {};
			const open = () => {
				const lost = new Promise<string>((resolve) => {
					lose = resolve;
				});
				return { name: "a test", lost } as Gpu;
			};
			const train: RunStudyOptions["train"] = async function* (gpu, runs, tokens) {
				for await (const event of options.train(gpu, runs, tokens)) {
					// Every other pack is lost once at its beginning.
					if (event.type === "progress" && trained.length % 2 === 1) {
						lose("unplugged");
						await new Promise(() => {});
					}
					yield event;
				}
			};
			const events = await collect(runStudy({ ...options, train, gpu: open(), reopen: async () => open() }));
			expect(events.filter((event) => event.type === "recovered").length).toBe(3);
			expect(events.at(-1)).toEqual({ type: "done" });
		});

		test("when no other can be opened, both reasons are told", async () => {
			const options = { ...losing(1), reopen: () => Promise.reject(new Error("no adapter found")) };
			await expect(collect(runStudy(options))).rejects.toThrow(
				"the GPU was lost: unplugged 1; no other could be opened: no adapter found; finished runs are kept",
			);
		});
	});

	test("a failure caused by the loss of the device is reported as such", async () => {
		// biome-ignore lint/correctness/useYield: it fails before its first event
		async function* train(): AsyncGenerator<TrainEvent, void, void> {
			throw new Error("mapAsync failed");
		}
		const { options } = setUp({ train, gpu: { name: "a test", lost: Promise.resolve("unplugged") } as Gpu });
		await expect(collect(runStudy(options))).rejects.toThrow("unplugged");
	});

	test("what training throws comes through", async () => {
		// biome-ignore lint/correctness/useYield: it fails before its first event
		async function* train(): AsyncGenerator<TrainEvent, void, void> {
			throw new Error("no room");
		}
		await expect(collect(runStudy(setUp({ train }).options))).rejects.toThrow("no room");
	});

	test("a result that cannot be saved is never shown as finished", async () => {
		const store: RunStore = { load: async () => [], save: () => Promise.reject(new Error("disk full")) };
		const { options, freed } = setUp({ store });
		const events: StudyEvent[] = [];
		const run = (async () => {
			for await (const event of runStudy(options)) events.push(event);
		})();
		await expect(run).rejects.toThrow("disk full");
		expect(events.some((event) => event.type === "finished")).toBe(false);
		expect(freed).toEqual([1]);
	});

	test("a corpus that changed since it was planned", async () => {
		const loadTokenized: RunStudyOptions["loadTokenized"] = async (id, vocabulary) => ({
			corpus: { id, hash: "c".repeat(64) },
			vocabulary,
			train: new Uint16Array(1),
			validation: new Uint16Array(1),
		});
		const { options } = setUp({ loadTokenized });
		await expect(collect(runStudy(options))).rejects.toThrow(
			/^corpus speeches: its text has SHA-256 cccc.*plan the study again$/,
		);
	});

	test("a tokenizer's failure comes through", async () => {
		const { options } = setUp({ loadTokenized: () => Promise.reject(new Error("no such file")) });
		await expect(collect(runStudy(options))).rejects.toThrow("no such file");
	});
});
