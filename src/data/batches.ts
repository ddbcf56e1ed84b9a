import { permuted } from "../maths/permutation.ts";
import { randomKey, uniform } from "../maths/random.ts";
import type { Sampling } from "../run/choices.ts";
import { partOfDraw } from "./mixture.ts";

/** Token ids of a micro-batch, in the layout the GPU reads. */
export interface Batch {
	/** [sequences, context + 1]: the inputs, and the targets shifted by one. */
	ids: Uint32Array<ArrayBuffer>;
	/** [sequences·context]: positions of the inputs, sorted by token id, then by position. */
	order: Uint32Array<ArrayBuffer>;
}

/** A corpus that a run reads: its tokens, and its weight relative to the run's other corpora. */
export interface Part {
	stream: Uint16Array<ArrayBuffer>;
	weight: number;
}

/** A sequence starts at token `start` of `parts[part]`. */
export interface SequenceStart {
	part: number;
	start: number;
}

/**
 * Where the sequences of a training step start. Depends only on the options and the step, so there is no state to save.
 *
 * @throws RangeError when a part is too short for one sequence
 */
export function batchStarts(
	parts: readonly Part[],
	{ seed, step, sequences, context, sampling }: BatchOptions,
): SequenceStart[] {
	checkLengths("batch", "tokens", parts, context);
	const weights = parts.map(({ weight }) => weight);
	const key = randomKey(seed, "batch", step);
	return Array.from({ length: sequences }, (_, i) => {
		const { part, index } = partOfDraw(step * sequences + i, weights);
		const { length } = parts[part]!.stream;
		if (sampling === "with-replacement") return { part, start: Math.floor(uniform(key, i) * (length - context)) };
		const perEpoch = sequencesPerEpoch(length, context);
		const epoch = Math.floor(index / perEpoch);
		return { part, start: context * permuted(randomKey(seed, "epoch", part, epoch), index % perEpoch, perEpoch) };
	});
}

export interface BatchOptions {
	seed: number;
	/** Training step, from 0. */
	step: number;
	/** Sequences per step. */
	sequences: number;
	context: number;
	sampling: Sampling;
}

/** Number of sequences in a stream of `length` tokens. The last target of each is the first input of the next. */
export function sequencesPerEpoch(length: number, context: number): number {
	return Math.floor((length - 1) / context);
}

/** Where the sequences of a fixed validation set start: evenly spaced in each stream, in numbers proportional to the weights. */
export function validationStarts(parts: readonly Part[], sequences: number, context: number): SequenceStart[] {
	checkLengths("validation", "validation tokens", parts, context);
	const weights = parts.map(({ weight }) => weight);
	const draws = Array.from({ length: sequences }, (_, i) => partOfDraw(i, weights));
	const counts = parts.map((_, part) => draws.filter((draw) => draw.part === part).length);
	return draws.map(({ part, index }) => ({
		part,
		start: Math.floor((index * (parts[part]!.stream.length - context)) / counts[part]!),
	}));
}

function checkLengths(subject: string, what: string, parts: readonly Part[], context: number): void {
	for (const { stream } of parts)
		if (stream.length <= context)
			throw new RangeError(
				`${subject}: the corpus has ${stream.length} ${what}; a context of ${context} needs at least ${context + 1}`,
			);
}

/** The micro-batch of the sequences that start at `starts`. */
export function readBatch(
	parts: readonly Part[],
	starts: readonly SequenceStart[],
	context: number,
	vocabulary: number,
): Batch {
	const ids = new Uint32Array(starts.length * (context + 1));
	starts.forEach(({ part, start }, b) => {
		ids.set(parts[part]!.stream.subarray(start, start + context + 1), b * (context + 1));
	});
	return { ids, order: sortedPlaces(ids, starts.length, context, vocabulary) };
}

/** Positions b·context + t of the inputs, sorted by token id (a stable counting sort). */
export function sortedPlaces(ids: Uint32Array, sequences: number, context: number, vocabulary: number) {
	const next = new Uint32Array(vocabulary + 1);
	const positions = sequences * context;
	const idAt = (position: number) => ids[position + Math.floor(position / context)]!;
	for (let position = 0; position < positions; position++) next[idAt(position) + 1]!++;
	for (let id = 0; id < vocabulary; id++) next[id + 1]! += next[id]!;
	const order = new Uint32Array(positions);
	for (let position = 0; position < positions; position++) order[next[idAt(position)]!++] = position;
	return order;
}
