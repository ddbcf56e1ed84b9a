/**
 * Byte-pair encoding of one word (Sennrich et al. 2016, as in tiktoken): of all adjacent parts whose concatenation is a
 * token, merges the pair of lowest rank, leftmost first, until no pair is left. A heap of candidates makes this
 * O(n log n); js-tiktoken scans all pairs after each merge, which takes minutes for a word of 100,000 letters.
 *
 * @param word bytes as a nonempty string of characters 0–255
 * @param ranks token (bytes in the same form) → rank, which is also its id; includes all 256 single bytes
 */
export function mergeBytePairs(word: string, ranks: Pick<ReadonlyMap<string, number>, "get">): number[] {
	const length = word.length;
	// A linked list of parts, each identified by its first position.
	const next = Int32Array.from({ length }, (_, i) => i + 1);
	const previous = Int32Array.from({ length }, (_, i) => i - 1);
	const ids = Int32Array.from(word, (byte) => ranks.get(byte) as number);
	/** Rank of part i merged with the next one; −1 when that is not a token, or when i no longer starts a part. */
	const pairRank = new Int32Array(length).fill(-1);
	const candidates: number[] = [];

	const consider = (i: number) => {
		const second = next[i];
		const rank = second < length ? ranks.get(word.slice(i, next[second])) : undefined;
		pairRank[i] = rank ?? -1;
		if (rank !== undefined) push(candidates, rank * POSITIONS + i);
	};

	for (let i = 0; i < length; i++) consider(i);
	while (candidates.length > 0) {
		const candidate = pop(candidates);
		const i = candidate % POSITIONS;
		const rank = (candidate - i) / POSITIONS;
		if (pairRank[i] !== rank) continue; // outdated by an adjacent merge
		const second = next[i];
		ids[i] = rank;
		next[i] = next[second];
		if (next[i] < length) previous[next[i]] = i;
		pairRank[second] = -1;
		consider(i);
		if (i > 0) consider(previous[i]);
	}

	const merged: number[] = [];
	for (let i = 0; i < length; i = next[i]) merged.push(ids[i]);
	return merged;
}

/** Candidates are rank · POSITIONS + position, which sorts by rank first; both fit in the 53 bits of a number. */
const POSITIONS = 2 ** 32;

/** Adds to a binary min-heap. */
function push(heap: number[], value: number): void {
	let child = heap.length;
	heap.push(value);
	while (child > 0) {
		const parent = (child - 1) >> 1;
		if (heap[parent] <= value) break;
		heap[child] = heap[parent];
		child = parent;
	}
	heap[child] = value;
}

/** Removes and returns the smallest number of a nonempty binary min-heap. */
function pop(heap: number[]): number {
	const smallest = heap[0];
	const value = heap.pop() as number;
	const length = heap.length;
	if (length === 0) return smallest;
	let parent = 0;
	for (;;) {
		let child = 2 * parent + 1;
		if (child >= length) break;
		if (child + 1 < length && heap[child + 1] < heap[child]) child++;
		if (heap[child] >= value) break;
		heap[parent] = heap[child];
		parent = child;
	}
	heap[parent] = value;
	return smallest;
}
