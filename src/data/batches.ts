import { permuted } from "../maths/permutation.ts";
import { randomKey, uniform } from "../maths/random.ts";
import type { Sampling } from "../run/choices.ts";
import { partOfDraw } from "./mixture.ts";

/** Token ids of a micro-batch as the GPU reads them. */
export interface Batch {
	/** [sequences, context + 1]: inputs and, one place on, targets. */
	ids: Uint32Array<ArrayBuffer>;
	/** [sequences·context]: the inputs' places, sorted by id; equal ids in order of place. */
	order: Uint32Array<ArrayBuffer>;
}

/** One corpus of those a run reads: its tokens, and its share of the sequences relative to the others'. */
export interface Part {
	stream: Uint16Array<ArrayBuffer>;
	weight: number;
}

/** Where a sequence begins: place `start` of part number `part`. */
export interface SequenceStart {
	part: number;
	start: number;
}

/**
 * Where the sequences of an optimiser step begin: the same for the same seed and step whatever came before, so that
 * there is no state to save. Step counts from 0.
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
	/** Optimiser step, from 0. */
	step: number;
	/** Sequences per step. */
	sequences: number;
	context: number;
	sampling: Sampling;
}

/** How many sequences a stream of `length` tokens is cut into: each has a last target that the next begins with. */
export function sequencesPerEpoch(length: number, context: number): number {
	return Math.floor((length - 1) / context);
}

/** Where the sequences of a fixed validation set begin: evenly through the streams, as many of each as its weight asks for. */
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
				`${subject}: the corpus has ${stream.length} ${what}; context ${context} needs at least ${context + 1}`,
			);
}

/** The micro-batch of the sequences that begin at `starts`. */
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

/** Places b·context + t of the inputs, sorted by id (a counting sort, so stable). */
export function sortedPlaces(ids: Uint32Array, sequences: number, context: number, vocabulary: number) {
	const next = new Uint32Array(vocabulary + 1);
	const places = sequences * context;
	const idAt = (place: number) => ids[place + Math.floor(place / context)]!;
	for (let place = 0; place < places; place++) next[idAt(place) + 1]!++;
	for (let id = 0; id < vocabulary; id++) next[id + 1]! += next[id]!;
	const order = new Uint32Array(places);
	for (let place = 0; place < places; place++) order[next[idAt(place)]!++] = place;
	return order;
}
