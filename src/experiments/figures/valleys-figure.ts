import type { Method2 } from "../../analysis/method2/method2.ts";
import type { Slice } from "../../analysis/points/iso-flop.ts";
import type { Figure } from "../../figures/figure.ts";
import { formatLoss, formatScientific, plural } from "../../figures/format.ts";
import { formatAmount } from "../../figures/format-amount.ts";
import { italic, rich } from "../../figures/rich-text.ts";
import { linearAxis, logAxis } from "../drawing.ts";
import { VALLEY_LEGEND, valleyMarks } from "./valley-marks.ts";

/** Loss against size at equal compute, with the parabolas of Method 2 and their minima. */
export function valleysFigure(slices: readonly Slice[], valleys: Method2["valleys"]): Figure {
	const found = valleys.filter(({ reason }) => reason === null).length;
	return {
		name: "valleys",
		title: rich("Loss against model size at equal compute"),
		x: logAxis(rich("Parameters ", italic("N"))),
		y: linearAxis("Loss (nats per token)"),
		marks: valleyMarks(slices, valleys),
		legend: slices.length > 0 ? VALLEY_LEGEND : [],
		table: {
			caption: "minima of the valleys",
			columns: [
				{ id: "flops", name: rich("Compute ", italic("C"), " (FLOP)"), format: formatScientific },
				{ id: "sizes", name: rich("Sizes"), format: String },
				{ id: "params", name: rich("Best size ", italic("N"), "*"), format: formatAmount },
				{ id: "tokens", name: rich("Tokens ", italic("D"), "*"), format: formatAmount },
				{ id: "loss", name: rich("Loss"), format: formatLoss },
				{ id: "left_out", name: rich("Left out because") },
			],
			rows: valleys.map(({ flops, sizes, parameters, tokens, loss, reason }) => [
				...[flops, sizes, parameters, tokens, loss],
				reason === null ? null : rich(reason),
			]),
		},
		summary: `Loss against model size: ${found} of ${plural(slices.length, "budget")} ${found === 1 ? "has" : "have"} a minimum between the sizes.`,
		empty: "No budget of compute has four sizes yet.",
	};
}
