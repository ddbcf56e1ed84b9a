import type { RunCorpora } from "../data/corpus.ts";
import type { Gpu } from "../gpu/device.ts";
import { readTensor } from "../gpu/memory.ts";
import { initialValues } from "../model/init.ts";
import { parameterShapes } from "../model/parameters.ts";
import { parameterCounts, trainingFlops } from "../model/size.ts";
import type { PlannedRun } from "../study/events.ts";
import type { RunResult } from "../study/run-result.ts";
import { CurveBuilder } from "./curve.ts";
import type { TrainEvent } from "./events.ts";
import { Feeder, sharesTokens } from "./feeder.ts";
import { Pack } from "./pack.ts";
import { type CompletedSteps, Submitter } from "./submitter.ts";

/** Micro-steps that one submit holds at most. */
const SLOTS = 32;

/** A run in training: its curve so far, and whether its loss is still a number. */
interface RunInTraining {
	run: PlannedRun;
	curve: CurveBuilder;
	step: number;
	diverged: boolean;
	newPoints: { tokens: number; loss: number }[];
}

/**
 * Trains the runs of one pack together, to the end. Closing the generator stops it and frees the GPU's memory.
 *
 * @param runs same model, batch and steps; see `packKey` in `src/study`
 * @param corpora the tokens of each run, in the order of `runs`
 * @throws RangeError when the pack does not fit the adapter; Error with the reason when the device is lost
 */
export async function* train(
	gpu: Gpu,
	runs: PlannedRun[],
	corpora: RunCorpora[],
): AsyncGenerator<TrainEvent, void, void> {
	const { model, batchSequences, microBatchSequences, steps, validationSequences } = runs[0]!.spec;
	const microSteps = batchSequences / microBatchSequences;
	const pack = await Pack.create(gpu, {
		...{ model, runs: runs.length, microBatchSequences, microSteps, slots: SLOTS },
		sharedTokens: sharesTokens(runs, corpora),
		evaluationSteps: validationSequences / microBatchSequences,
	});
	try {
		loadInitialValues(pack, runs);
		const feeder = new Feeder(pack, runs, corpora);
		const submitter = new Submitter(pack, feeder, steps);
		const training = runs.map(
			(run): RunInTraining => ({ run, curve: new CurveBuilder(), step: 0, diverged: false, newPoints: [] }),
		);
		yield { type: "start", bytes: pack.memory.bytes };
		const tokensPerStep = batchSequences * model.context;
		let since = performance.now();
		let stepsSince = 0;
		for (let done = await submitter.next(); done; done = await submitter.next()) {
			for (const [i, state] of training.entries()) record(state, i, done, tokensPerStep);
			stepsSince += done.count;
			const elapsed = performance.now() - since;
			if (stepsSince === 0 || (elapsed < 100 && done.first + done.count < steps)) continue;
			yield {
				type: "progress",
				runs: training.map(takeProgress),
				tokensPerSecond: (stepsSince * tokensPerStep * runs.length * 1000) / elapsed,
			};
			submitter.resume();
			since = performance.now();
			stepsSince = 0;
		}
		const losses = [await evaluate(pack, feeder, 0)];
		for (let i = 0; i < (runs[0]!.spec.evaluations?.length ?? 0); i++) losses.push(await evaluate(pack, feeder, i + 1));
		for (const { curve, newPoints } of training) {
			const last = curve.close();
			if (last) newPoints.push(last);
		}
		if (training.some(({ newPoints }) => newPoints.length > 0))
			yield { type: "progress", runs: training.map(takeProgress), tokensPerSecond: 0 };
		yield {
			type: "end",
			results: training.map((state, i) =>
				resultOf(
					state,
					gpu.name,
					tokensPerStep,
					losses.map((ofRuns) => ofRuns[i]!),
				),
			),
		};
	} catch (reason) {
		throw await withLossOfDevice(gpu, reason);
	} finally {
		pack.destroy();
	}
}

function loadInitialValues(pack: Pack, runs: PlannedRun[]): void {
	const shapes = parameterShapes(pack.shape.model);
	const ofSeed = new Map<number, Map<string, Float32Array>>();
	runs.forEach(({ spec: { seed } }, run) => {
		const values = ofSeed.get(seed) ?? new Map(shapes.map((shape) => [shape.name, initialValues(shape, seed)]));
		ofSeed.set(seed, values);
		pack.loadParameters(run, values);
	});
}

function record(state: RunInTraining, run: number, { first, metrics }: CompletedSteps, tokensPerStep: number): void {
	metrics.forEach((ofRuns, i) => {
		const loss = ofRuns[run]![0]!;
		if (state.diverged) return;
		state.diverged = !Number.isFinite(loss);
		if (state.diverged) return;
		state.step = first + i + 1;
		const point = state.curve.add(state.step * tokensPerStep, loss);
		if (point) state.newPoints.push(point);
	});
}

function takeProgress(state: RunInTraining) {
	const points = state.newPoints;
	state.newPoints = [];
	return { id: state.run.id, step: state.step, points };
}

/** Loss of every run on validation set number `set` of the feeder, in nats per token. */
async function evaluate(pack: Pack, feeder: Feeder, set: number): Promise<Float32Array> {
	const { evaluationSteps, slots } = pack.shape;
	const { device } = pack.gpu;
	for (let begin = 0; begin < evaluationSteps; begin += slots) {
		const encoder = device.createCommandEncoder();
		const pass = encoder.beginComputePass();
		for (let microStep = begin; microStep < Math.min(begin + slots, evaluationSteps); microStep++) {
			feeder.writeValidation(microStep, set);
			pack.encodeEvaluation(pass, microStep);
		}
		pass.end();
		device.queue.submit([encoder.finish()]);
	}
	return readTensor(device, pack.rings.validation);
}

function resultOf(state: RunInTraining, adapter: string, tokensPerStep: number, losses: number[]): RunResult {
	const { id, spec } = state.run;
	const parameters = parameterCounts(spec.model);
	const tokens = state.step * tokensPerStep;
	const [validationLoss, ...others] = losses.map((loss) => (Number.isFinite(loss) ? loss : null));
	const diverged = state.diverged || validationLoss === null;
	const evaluations = spec.evaluations?.map(({ id }, i) => [id, diverged ? null : others[i]!] as const);
	return {
		...{ id, spec, adapter, parameters, tokens },
		status: diverged ? "diverged" : "finished",
		flops: trainingFlops(parameters, tokens),
		curve: state.curve.curve,
		validationLoss: diverged ? null : validationLoss!,
		...(evaluations && { evaluations: Object.fromEntries(evaluations) }),
	};
}

/** What failed is the device, if it is lost by now; else the reason itself. */
async function withLossOfDevice(gpu: Gpu, reason: unknown): Promise<unknown> {
	const lost = await Promise.race([gpu.lost, new Promise<undefined>((done) => setTimeout(done, 100))]);
	return lost === undefined ? reason : new Error(`${lost}; finished runs are kept: run the study again to continue`);
}
