import type { PlanPrediction } from "../../study/prediction.ts";
import type { EmbeddingFit } from "../../theory/embedding-fit.ts";
import type { FlopsComparison } from "../../theory/hoffmann-flops.ts";
import type { StudyPrediction } from "../../theory/prediction.ts";
import type { TheoryReport } from "../../theory/report.ts";
import { plural, short, table } from "./format.ts";

/** What the configurations of a file give, in JSON and in the table. */
export interface ConfigurationSection {
	/** ω and δ by each procedure, with δ free and with δ = 1/3. */
	fits: EmbeddingFit[];
	/** Training arithmetic of each model; null where the file has no shapes or the vocabulary size is not given. */
	flops: FlopsComparison[] | null;
}

/** What a study should show, in JSON and in the table. */
export interface StudySection {
	name: string;
	caveat: string;
	/** One for each vocabulary and context. */
	predictions: PlanPrediction[];
}

/** A theory report as lines for people. */
export function theoryTable(
	report: TheoryReport,
	study: StudySection | null,
	configurations: ConfigurationSection | null,
): string[] {
	return [
		...lawLines(report),
		...(configurations ? ["", ...configurationLines(configurations)] : []),
		"",
		...frontierLines(report),
		"",
		...syntheticLines(report),
		"",
		...sensitivityLines(report),
		...(study ? ["", ...studyLines(study)] : []),
	];
}

function lawLines({ law: { label, source, law }, embedding, exponents }: TheoryReport): string[] {
	return [
		`${label} (${source}): L = ${digits(law.E)} + ${digits(law.A)}·N_T^-${digits(law.alpha)} + ${digits(law.B)}·D^-${digits(law.beta)}, nats per token`,
		`N_T = N_\\E + ${digits(embedding.omega)}·N_\\E^${digits(embedding.delta)}`,
		`In total parameters N* ∝ C^${fixed(exponents.allocation)} and L* − E ∝ C^-${fixed(exponents.loss)}`,
	];
}

function configurationLines({ fits, flops }: ConfigurationSection): string[] {
	const header = ["ω and δ of the configurations", "ω", "δ", "half sum of squares"];
	const rows = fits.map(({ method, fixedDelta, omega, delta, halfSumOfSquares }) => [
		`${method}${fixedDelta ? ", δ fixed" : ""}`,
		digits(omega),
		digits(delta),
		digits(halfSumOfSquares),
	]);
	return [...table([header, ...rows]), ...(flops ? ["", ...flopsLines(flops)] : [])];
}

function flopsLines(models: readonly FlopsComparison[]): string[] {
	const header = ["FLOP a token", "6·N_T", "6·N_\\E", "6·(N_\\E + head)", "layers", "+ attention", "+ head", "+ both"];
	const rows = models.map(({ counts, sixN, exact }) => [
		`N_T = ${short(counts.total)}`,
		short(sixN.total),
		short(sixN.nonembedding),
		short(sixN["nonembedding+head"]),
		short(exact.layers),
		short(exact.attention),
		short(exact.head),
		short(exact.attentionAndHead),
	]);
	return table([header, ...rows]);
}

function frontierLines({ frontier, limits, extremes }: TheoryReport): string[] {
	const header = ["N*_\\E", "N*_T", "C_\\E", "D", "L*", "g", "k"];
	const rows = frontier.map(({ nonEmbedding, total, flops, tokens, loss, g, k }) => [
		short(nonEmbedding),
		short(total),
		short(flops),
		short(tokens),
		fixed(loss),
		fixed(g),
		fixed(k),
	]);
	const { g, k } = extremes;
	return [
		"Compute-optimal frontier; locally N*_\\E ∝ C_\\E^g (equation 20) and L* ∝ C_\\E^k (30)",
		...table([header, ...rows]),
		`Small models: g → ${fixed(limits.gSmall)}, k → ${fixed(limits.kSmall)}; ` +
			`large ones: g → ${fixed(limits.gLarge)}, k → ${fixed(limits.kLarge)}`,
		g ? `g is largest, ${fixed(g.value)}, at N_\\E = ${short(g.nonEmbedding)}` : "g has no maximum",
		k ? `k has its minimum, ${fixed(k.value)}, at N_\\E = ${short(k.nonEmbedding)}` : "k has no minimum",
	];
}

function syntheticLines({ synthetic: { nonEmbedding, total, analytic } }: TheoryReport): string[] {
	const header = ["Synthetic study", "N* ∝ C^", "L* ∝ C^", "L* − E ∝ C^", "best is the smallest, largest"];
	const studies = [
		["N_\\E, C_\\E, the authors' reading", nonEmbedding.nearest],
		["N_\\E, C_\\E, exact D", nonEmbedding.exact],
		["N_T, C_T, the authors' reading", total.nearest],
		["N_T, C_T, exact D", total.exact],
	] as const;
	const rows = studies.map(([title, { allocation, loss, excessLoss, budgets, pointsAtSmallest, pointsAtLargest }]) => [
		title,
		fixed(allocation.slope),
		fixed(loss.slope),
		fixed(excessLoss.slope),
		`${pointsAtSmallest}, ${pointsAtLargest} of ${budgets}`,
	]);
	const curve = [
		"N_\\E, C_\\E, along equation 19",
		fixed(analytic.allocation.slope),
		fixed(analytic.loss.slope),
		"",
		"",
	];
	return table([header, ...rows, curve]);
}

function sensitivityLines({ sensitivity }: TheoryReport): string[] {
	const { upperFlops, lowerFlops, omega, trimmed, randomDesigns } = sensitivity;
	const list = (values: readonly { value: number; exponent: number }[], name: (value: number) => string) =>
		values.map(({ value, exponent }) => `${name(value)} ${exponent.toFixed(3)}`).join(", ");
	const { exponent, designs } = randomDesigns;
	return [
		"How far the first of these exponents rests on the study's design:",
		`  largest budget: ${list(upperFlops, (value) => `10^${value}`)}`,
		`  smallest budget: ${list(lowerFlops, (value) => `10^${value}`)}`,
		`  ω: ${list(omega, String)}`,
		`  without the smallest and the largest model: ${maybe(trimmed)}`,
		`  ${designs} random designs: ${exponent.mean.toFixed(3)} ± ${exponent.deviation.toFixed(3)} ` +
			`(${exponent.low.toFixed(3)} to ${exponent.high.toFixed(3)})`,
	];
}

function studyLines({ name, caveat, predictions }: StudySection): string[] {
	const lines = predictions.flatMap((prediction) => [
		`Study ${name}, vocabulary ${prediction.vocabulary.toLocaleString("en-US")}, context ${prediction.context}: ` +
			`${plural(prediction.sizes.length, "size")}` +
			(prediction.embedding
				? `, N_T = N_\\E + ${digits(prediction.embedding.omega)}·N_\\E^${digits(prediction.embedding.delta)}`
				: ""),
		...predictionTable(prediction),
		...curveLines(prediction),
	]);
	return [...lines, caveat];
}

function predictionTable({ total, nonEmbedding }: StudyPrediction): string[] {
	const header = ["Predicted N* ∝ C^", "continuous", "these sizes", "within budgets", "crossings reached"];
	const rows = [
		["total (N_T, C_T)", total],
		["non-embedding (N_\\E, C_\\E)", nonEmbedding],
	] as const;
	const lines = table([
		header,
		...rows.map(([title, { continuous, exponent, exponentWithinBudgets, crossings }]) => [
			title,
			maybe(continuous),
			maybe(exponent),
			maybe(exponentWithinBudgets),
			`${crossings.filter(({ reached }) => reached).length} of ${crossings.length}`,
		]),
	]);
	const idle = rows.flatMap(([title, { neverBest }]) =>
		neverBest.length > 0 ? [`${title}: never the best at any budget: ${neverBest.map(short).join(", ")}`] : [],
	);
	return [...lines, ...idle];
}

function curveLines({ curve }: StudyPrediction): string[] {
	if (curve.length === 0) return [];
	const shown = [0, 0.25, 0.5, 0.75, 1].map((share) => curve[Math.round(share * (curve.length - 1))]!);
	return [`g along it: ${shown.map(({ nonEmbedding, g }) => `${g.toFixed(3)} at ${short(nonEmbedding)}`).join(", ")}`];
}

const fixed = (value: number) => value.toFixed(4);
const maybe = (value: number | null) => (value === null ? "not determined" : value.toFixed(3));
const digits = (value: number) => String(Number(value.toPrecision(6)));
