/** Loops of at most this many iterations are unrolled. */
const MOST_TURNS = 32;

const LOOP = /for \(var (\w+) = 0u; \1 < (\w+); \1\+\+\) \{/g;

/**
 * Unrolls WGSL loops of the form `for (var i = 0u; i < TILE; i++) { … }` whose bound is a `const` of the file.
 * Drivers of real GPUs do this themselves; some software adapters do not, and keep indexed arrays in memory.
 */
export function unroll(code: string): string {
	const constants = new Map([...code.matchAll(/const (\w+)(?:: u32)? = (\d+)u;/g)].map(([, k, v]) => [k!, Number(v)]));
	return expand(code, constants);
}

function expand(code: string, constants: Map<string, number>): string {
	LOOP.lastIndex = 0;
	let out = "";
	let end = 0;
	for (let loop = LOOP.exec(code); loop; loop = LOOP.exec(code)) {
		const [head, index, bound] = loop as unknown as [string, string, string];
		const turns = constants.get(bound);
		if (turns === undefined || turns > MOST_TURNS) continue;
		const bodyStart = loop.index + head.length;
		const bodyEnd = closingBrace(code, bodyStart);
		const body = expand(code.slice(bodyStart, bodyEnd), constants);
		// `break` and `continue` need the loop; a variable that shadows the index must not be replaced.
		if (new RegExp(`\\b(?:break|continue|(?:var|let|const) ${index})\\b`).test(body)) {
			LOOP.lastIndex = bodyStart;
			continue;
		}
		out += code.slice(end, loop.index);
		const name = new RegExp(`(?<![.\\w])${index}\\b`, "g");
		for (let turn = 0; turn < turns; turn++) out += `{${body.replace(name, `${turn}u`)}}`;
		end = bodyEnd + 1;
		LOOP.lastIndex = end;
	}
	return out + code.slice(end);
}

/** Position of the brace that closes the block beginning at `start`. */
function closingBrace(code: string, start: number): number {
	let depth = 1;
	for (let i = start; i < code.length; i++) {
		if (code[i] === "{") depth++;
		if (code[i] === "}" && --depth === 0) return i;
	}
	throw new SyntaxError("unroll: a loop's block is never closed");
}
