/** Cross-entropies of simple predictors that count tokens of one text and are judged on another, nats per token. */

/** Knows how frequent each token is; every token is counted once more, so that none is impossible. */
export function unigramLoss(train: Uint16Array, validation: Uint16Array, vocabulary: number): number {
	const counts = frequencies(train, vocabulary);
	return meanOf(validation.length, (i) => -Math.log(counts[validation[i]!]! / (train.length + vocabulary)));
}

/**
 * Knows how frequent each token is after each other token. A pair's count is mixed with the token's frequency as if that had
 * been seen so many times after the first (a Dirichlet prior; MacKay & Bauman Peto 1995).
 */
export function bigramLoss(train: Uint16Array, validation: Uint16Array, vocabulary: number, weight = 50): number {
	const counts = frequencies(train, vocabulary);
	const pairs = new Float64Array(vocabulary * vocabulary);
	const firsts = new Float64Array(vocabulary);
	for (let i = 1; i < train.length; i++) {
		pairs[train[i - 1]! * vocabulary + train[i]!]!++;
		firsts[train[i - 1]!]!++;
	}
	return meanOf(validation.length - 1, (i) => {
		const [first, second] = [validation[i]!, validation[i + 1]!];
		const prior = counts[second]! / (train.length + vocabulary);
		return -Math.log((pairs[first * vocabulary + second]! + weight * prior) / (firsts[first]! + weight));
	});
}

/** One more than the number of times that each token occurs. */
function frequencies(tokens: Uint16Array, vocabulary: number): Float64Array {
	const counts = new Float64Array(vocabulary).fill(1);
	for (const token of tokens) counts[token]!++;
	return counts;
}

function meanOf(length: number, value: (i: number) => number): number {
	let sum = 0;
	for (let i = 0; i < length; i++) sum += value(i);
	return sum / length;
}
