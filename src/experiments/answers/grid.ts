import { fitPoints } from "../../analysis/fit-points.ts";
import { estimatesOf, type Fit } from "../../analysis/fitting/fit.ts";
import { lossLawOf } from "../../analysis/parametric-laws/method3.ts";
import { preparePoints } from "../../analysis/points/prepare-points.ts";
import type { Convention } from "../../architecture/flops.ts";
import type { Figure, FigureTable, Mark, Point } from "../../figures/figure.ts";
import { formatCount, formatEstimate, formatLoss, plural } from "../../figures/format.ts";
import { italic, PARAMETERS, rich, TOKEN_COUNT } from "../../figures/rich-text.ts";
import { groupBy } from "../../maths/group-by.ts";
import { logspace } from "../../maths/search.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import { type LossLaw, lossAt } from "../../theory/loss-law.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { intervalCells, intervalColumns, intervalText, linearAxis, logAxis, measuredMarks } from "../drawing.ts";
import { CONVENTION_ORDER, CONVENTIONS } from "../figures/conventions.ts";
import { bestEnds, endsAtEdge, sizeKey } from "../statistics/annealed-ends.ts";
import { specOf } from "../statistics/best-cells.ts";
import { type Cell, drawMeans, type Interval, intervalOf } from "../statistics/cells.ts";
import { type Exponents, exponentOf, fitWarnings } from "../statistics/exponents.ts";

/** Method 3: one law of size and tokens through the annealed losses, with either way of counting. */
export function answerGrid(_plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const ends = bestEnds(runs);
	const fits = { total: fitLaw(ends, "total", options), nonEmbedding: fitLaw(ends, "nonEmbedding", options) };
	const named = CONVENTION_ORDER.map((convention) => [CONVENTIONS[convention].label, fits[convention]] as const);
	const sentence = sentenceOf(ends, fits);
	return {
		sentence,
		figure: figureOf(ends, fits, sentence, options),
		warnings: [...endsAtEdge(runs, ends), ...fitWarnings(named)],
	};
}

/** The fit to every seed's final loss. Each is a point of its own, and the resamples move or draw them one by one. */
function fitLaw(ends: readonly Cell[], convention: Convention, { resamples, seed, interval }: AnswerOptions): Fit {
	const points = ends.flatMap(({ runs, values }) =>
		runs.map(({ id, parameters, tokens, flops }, i) => {
			return { run: id, parameters: parameters[convention], tokens, flops: flops[convention], loss: values[i]! };
		}),
	);
	return fitPoints(preparePoints(points), { ...METHOD_3, resamples, seed, interval }).method3!;
}

/** What Method 3 needs, and what the others would. */
const METHOD_3 = {
	...{ methods: ["3"] as const, loss: "huber" as const, delta: 1e-3 },
	...{ noise: 0.002, vocabulary: 32_000, at: [] },
};

function sentenceOf(ends: readonly Cell[], fits: Exponents): string {
	const { estimate, residual, parameters, health } = fits.total;
	if (ends.length === 0) return "No run has finished yet.";
	const sizes = plural(new Set(ends.map((cell) => sizeKey(specOf(cell)))).size, "size");
	const over = `${sizes} at ${plural(ends.length, "end")}`;
	if (estimate === null || residual === null) return `No law can be fitted to ${over}.`;
	const value = (name: string) => `${name} = ${intervalText(parameters[name]!)}`;
	const bound = health?.atBound ?? [];
	const open = bound.length > 0 ? `; ${bound.join(" and ")} ${bound.length > 1 ? "are" : "is"} not determined` : "";
	return (
		`One law fits ${over} to ${(100 * residual).toFixed(1)} % (root mean square), with ${value("α")} and ${value("β")}${open}. ` +
		`It gives N* ∝ C^${intervalText(exponentOf(fits.total)!)} in total parameters${otherCount(fits.nonEmbedding)}.`
	);
}

/** A law of non-embedding parameters is another law, and may fit worse. */
function otherCount(fit: Fit): string {
	const exponent = exponentOf(fit);
	if (!exponent || fit.residual === null) return "";
	return `; fitted to non-embedding ones, to ${(100 * fit.residual).toFixed(1)} %, C^${intervalText(exponent)}`;
}

/** A size's annealed losses in order of length. */
interface Size {
	parameters: number;
	cells: readonly Cell[];
	losses: readonly Interval[];
}

function figureOf(ends: readonly Cell[], fits: Exponents, summary: string, options: AnswerOptions): Figure {
	const draws = drawMeans(ends, options);
	const losses = new Map(
		ends.map((cell, i) => [cell, intervalOf(ends, draws, (means) => means[i]!, options.interval)!] as const),
	);
	const sizes = [...groupBy(ends, (cell) => sizeKey(specOf(cell))).values()]
		.map((cells): Size => {
			const sorted = [...cells].sort((p, q) => p.runs[0]!.tokens - q.runs[0]!.tokens);
			const { total } = sorted[0]!.runs[0]!.parameters;
			return { parameters: total, cells: sorted, losses: sorted.map((cell) => losses.get(cell)!) };
		})
		.sort((p, q) => p.parameters - q.parameters);
	const law = fits.total.estimate === null ? null : lossLawOf(estimatesOf(fits.total));
	return {
		name: "grid",
		title: rich("Annealed loss against tokens for each size"),
		x: logAxis(rich("Tokens ", TOKEN_COUNT)),
		y: linearAxis("Validation loss (nats per token)"),
		marks: sizes.flatMap((size, i) => sizeMarks(size, i, sizes.length, law)),
		legend: [
			{ text: rich("lines: the fitted law; their labels: ", PARAMETERS.total) },
			{ text: rich("dots: mean of the seeds") },
		],
		table: tableOf(fits),
		summary,
		empty: "No finished runs yet.",
	};
}

const STEPS = 30;

function sizeMarks({ parameters, cells, losses }: Size, size: number, of: number, law: LossLaw | null): Mark[] {
	const color = { size, of };
	const label = formatCount(parameters);
	const tokens = cells.map(({ runs }) => runs[0]!.tokens);
	const points = law
		? logspace(Math.log10(tokens[0]!), Math.log10(tokens.at(-1)!), STEPS).map((at): Point => {
				return [at, lossAt(law, parameters, at)];
			})
		: [];
	const measured = cells.map(({ runs }, i) => {
		return { ...losses[i]!, x: tokens[i]!, runs: runs.map(({ id }) => id) };
	});
	return [
		{ kind: "line", color, series: [label], points, width: 1.5, label: rich(label) },
		...measuredMarks(measured, {
			...{ color, series: label, line: false },
			describe: (i) => `${label} parameters, ${formatCount(tokens[i]!)} tokens: ${formatLoss(cells[i]!.mean)}`,
		}),
	];
}

const PARAMETERS_OF_LAW = ["E", "A", "B", "α", "β", "a", "γ"] as const;

function tableOf(fits: Exponents): FigureTable {
	return {
		caption: "The law L = E + A·N^−α + B·D^−β and the exponents that follow from it",
		columns: [
			{ id: "counted", name: rich("Counted") },
			{ id: "parameter", name: rich("Parameter") },
			...intervalColumns("estimate", "Estimate", formatEstimate),
			{ id: "note", name: rich("Note") },
		],
		rows: CONVENTION_ORDER.flatMap((convention) => {
			const { parameters, health } = fits[convention];
			return PARAMETERS_OF_LAW.map((name) => {
				const atBound = health?.atBound.includes(name) ?? false;
				const found = parameters[name] ?? null;
				const shown = found && atBound ? { estimate: found.estimate, low: null, high: null } : found;
				const note = rich(atBound ? "at its bound: not determined" : "");
				return [PARAMETERS[convention], rich(italic(name)), ...intervalCells(shown), note];
			});
		}),
	};
}
