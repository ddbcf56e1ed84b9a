/** Bytes per token of the training text by vocabulary size, measured with `tokenize`; separators count as tokens. */
const BYTES_PER_TOKEN: Record<string, [vocabulary: number, bytes: number][]> = {
	sotu: [
		[256, 1.0],
		[257, 1.0],
		[270, 1.2177],
		[300, 1.5216],
		[350, 1.7663],
		[400, 1.9111],
		[512, 2.1742],
		[1024, 2.7815],
		[2048, 3.3164],
		[4096, 3.8674],
		[8192, 4.3766],
		[16384, 4.8],
		[32768, 5.0765],
		[50257, 5.1947],
	],
	"moby-dick": [
		[256, 0.9999],
		[257, 0.9999],
		[270, 1.2025],
		[300, 1.4722],
		[350, 1.7032],
		[400, 1.8363],
		[512, 2.0611],
		[1024, 2.543],
		[2048, 2.8657],
		[4096, 3.1696],
		[8192, 3.4635],
		[16384, 3.7413],
		[32768, 4.0018],
		[50257, 4.1408],
	],
	"king-james-bible": [
		[256, 0.9997],
		[257, 0.9997],
		[270, 1.2306],
		[300, 1.5141],
		[350, 1.7616],
		[400, 1.8912],
		[512, 2.1692],
		[1024, 2.6165],
		[2048, 2.9435],
		[4096, 3.2448],
		[8192, 3.4936],
		[16384, 3.8028],
		[32768, 4.0175],
		[50257, 4.1392],
	],
};

/**
 * Estimates the tokens in `bytes` of UTF-8 without tokenizing: within 2 % for the built-in corpora, rough for other
 * English text (treated like Moby Dick), and too low for other languages.
 *
 * @param vocabulary 256 … 50,257
 * @param corpus corpus id
 */
export function estimateTokens(bytes: number, vocabulary: number, corpus: string): number {
	return Math.round(bytes / bytesPerToken(vocabulary, corpus));
}

/** The inverse of `estimateTokens`: bytes of UTF-8 that make so many tokens. */
export function estimateBytes(tokens: number, vocabulary: number, corpus: string): number {
	return Math.round(tokens * bytesPerToken(vocabulary, corpus));
}

/** Bytes per token, interpolated linearly in the logarithm of the vocabulary size. */
function bytesPerToken(vocabulary: number, corpus: string): number {
	const table = BYTES_PER_TOKEN[corpus] ?? BYTES_PER_TOKEN["moby-dick"];
	const above = Math.max(
		1,
		table.findIndex(([size]) => size >= vocabulary),
	);
	const [[low, least], [high, most]] = [table[above - 1], table[above]];
	return least + ((most - least) * Math.log(vocabulary / low)) / Math.log(high / low);
}
