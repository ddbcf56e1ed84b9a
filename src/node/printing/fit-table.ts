import type { Fit } from "../../analysis/fitting/fit.ts";
import type { ChosenRate, StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import { RULE_LABELS } from "../../analysis/reports/table.ts";
import type { Convention } from "../../architecture/flops.ts";
import { short, table, wrapped } from "./format.ts";

const ROWS: [
	keyof StudyAnalysis["conventions"]["total"] & ("allocation" | "tokens" | "lossNoOffset" | "lossWithOffset"),
	string,
][] = [
	["allocation", "N* ∝ C^a"],
	["tokens", "D* ∝ C^b"],
	["lossNoOffset", "L* = k·C^-γ"],
	["lossWithOffset", "L* = E + k·C^-γ"],
];
const COLUMNS: [Convention, string][] = [
	["total", "total (N_T, C_T)"],
	["nonEmbedding", "non-embedding (N_\\E, C_\\E)"],
];

/** The coefficients in both conventions as lines for people, with what the fits leave out and warn of. */
export function fitTable(analysis: StudyAnalysis): string[] {
	const header = [
		`exponents, ${Math.round(100 * analysis.options.interval)} % intervals`,
		...COLUMNS.map(([, title]) => title),
	];
	const rows = ROWS.map(([law, title]) => [
		title,
		...COLUMNS.map(([convention]) => fitText(analysis.conventions[convention][law])),
	]);
	const { otherRule } = analysis;
	if (otherRule)
		rows.push([
			`${ROWS[0]![1]}, ${RULE_LABELS[otherRule.rates]}`,
			...COLUMNS.map(([convention]) => fitText(otherRule.conventions[convention].allocation)),
		]);
	const notes = new Set<string>();
	for (const [convention, title] of COLUMNS)
		for (const [law] of ROWS) {
			const { reason, warnings } = analysis.conventions[convention][law];
			// The laws of a convention rest on one frontier and mostly share what is to be said.
			for (const note of reason === null ? warnings : [reason]) notes.add(`${title}: ${note}`);
		}
	const leftOut = analysis.leftOut.map(({ run, reason }) => `run ${run} is left out: ${reason}`);
	return [
		...table([header, ...rows]),
		...(analysis.rule === null ? [] : [`Method 1: ${analysis.rule}`, ...rateLines(analysis.chosen)]).flatMap(wrapped),
		...[...analysis.warnings, ...notes, ...leftOut].flatMap(wrapped),
	];
}

/** Which learning rate is the best of its size, and where. */
function rateLines(chosen: readonly ChosenRate[]): string[] {
	return [...new Set(chosen.map(({ size }) => size))].map((size) => {
		const rates = chosen.filter((choice) => choice.size === size);
		const parts = rates.map(({ learningRate, bestAt }) => {
			if (!bestAt) return `learning rate ${learningRate} at the end; it is nowhere on the frontier`;
			return `learning rate ${learningRate} from ${short(bestAt.from)} to ${short(bestAt.to)} tokens`;
		});
		return `  best for ${size}: ${parts.join(", ")}`;
	});
}

function fitText({ estimate, low, high }: Fit): string {
	if (estimate === null) return "not determined";
	const interval = low === null || high === null ? "no interval" : `${low.toFixed(3)} to ${high.toFixed(3)}`;
	return `${estimate.toFixed(3)} (${interval})`;
}
