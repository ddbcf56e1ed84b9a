import { randomKey, uniform } from "./random.ts";

/** Token ids of a micro-batch as the GPU reads them. */
export interface Batch {
	/** [sequences, context + 1]: inputs and, one place on, targets. */
	ids: Uint32Array<ArrayBuffer>;
	/** [sequences·context]: the inputs' places, sorted by id; equal ids in order of place. */
	order: Uint32Array<ArrayBuffer>;
}

/**
 * Where the sequences of an optimiser step begin in the token stream: uniform draws with replacement, the same for
 * the same seed and step whatever came before. Step counts from 0.
 */
export function batchStarts(seed: number, step: number, sequences: number, length: number, context: number): number[] {
	if (length <= context)
		throw new RangeError(`batch: the corpus has ${length} tokens; context ${context} needs at least ${context + 1}`);
	const key = randomKey(seed, "batch", step);
	return Array.from({ length: sequences }, (_, i) => Math.floor(uniform(key, i) * (length - context)));
}

/** Where the sequences of the fixed validation set begin: evenly through the stream. */
export function validationStarts(sequences: number, length: number, context: number): number[] {
	if (length <= context)
		throw new RangeError(
			`validation: the corpus has ${length} validation tokens; context ${context} needs at least ${context + 1}`,
		);
	return Array.from({ length: sequences }, (_, i) => Math.floor((i * (length - context)) / sequences));
}

/** The micro-batch of the sequences that begin at `starts`. */
export function readBatch(stream: Uint16Array, starts: number[], context: number, vocabulary: number): Batch {
	const ids = new Uint32Array(starts.length * (context + 1));
	starts.forEach((start, b) => {
		ids.set(stream.subarray(start, start + context + 1), b * (context + 1));
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
