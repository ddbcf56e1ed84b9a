import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { analyzeStudy } from "../../src/analysis/method1/analyze-study.ts";
import type { Convention } from "../../src/architecture/flops.ts";
import { readText } from "../../src/node/files/read-text.ts";
import { readRunLines } from "../../src/run/run-lines.ts";
import type { MeasuredLaw, MeasuredStudy } from "../../src/theory/measured-laws.ts";

const FINDINGS = new URL("../../docs/findings/", import.meta.url);

/** Laws are read off studies of the presets that look for the paper's exponents. */
const SOURCES = readdirSync(FINDINGS).filter((name) => /^(minute|reconcile|class)-seeds-.*\.jsonl\.gz$/.test(name));

/** Enough digits to plan with; the last of a double may differ between machines. */
const rounded = (value: number) => Number(value.toPrecision(4));

async function measured(source: string): Promise<MeasuredStudy> {
	const { results } = readRunLines(await readText(fileURLToPath(new URL(source, FINDINGS))));
	const { conventions } = analyzeStudy(results);
	const law = (convention: Convention): MeasuredLaw => {
		const { parameters, points, residual } = conventions[convention].allocation;
		const { kN, a } = parameters;
		const flops = points.map(({ x }) => x);
		return {
			coefficient: rounded(kN!.estimate),
			...{ exponent: rounded(a!.estimate), low: rounded(a!.low!), high: rounded(a!.high!) },
			flops: { from: rounded(Math.min(...flops)), to: rounded(Math.max(...flops)) },
			// Two crossings leave none but rounding errors.
			residual: Number(residual!.toFixed(6)),
		};
	};
	const sizes = results.map(({ parameters }) => parameters.total);
	const { model, corpus } = results[0]!.spec;
	return {
		...{ source: `docs/findings/${source}`, runs: results.length, corpus: corpus.id },
		...{ vocabulary: model.vocabulary, context: model.context },
		parameters: { from: Math.min(...sizes), to: Math.max(...sizes) },
		laws: { total: law("total"), nonEmbedding: law("nonEmbedding") },
	};
}

test("the shipped laws are those of the runs in docs/findings", async () => {
	expect(SOURCES.length).toBeGreaterThan(1);
	const studies = await Promise.all(SOURCES.sort().map(measured));
	const text = `${JSON.stringify(studies, null, "\t")}\n`;
	await expect(text).toMatchFileSnapshot("../../src/theory/measured-laws.json");
});
