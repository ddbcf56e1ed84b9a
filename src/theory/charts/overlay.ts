import type { Convention } from "../../architecture/flops.ts";
import type { Color, LegendItem, Mark, Point } from "../../figures/figure.ts";
import { rich } from "../../figures/rich-text.ts";
import type { ModelCounts } from "../embedding-fit.ts";
import type { Series } from "../figures.ts";

/** A study that was really trained, to be laid over the figures. */
export interface StudyOverlay {
	/** How the study is called. */
	readonly name: string;
	readonly sizes: readonly ModelCounts[];
	/** Best model at each compute, ascending, in the counts of each convention. */
	readonly frontier: Readonly<Record<Convention, Readonly<Series<"flops" | "parameters">>>>;
	/** The lowest loss at each compute. */
	readonly envelope: Readonly<Record<Convention, Readonly<Series<"flops" | "loss">>>>;
}

const SERIES = "study";
/** Neither a convention's color nor a size's. */
const COLOR: Color = { group: 2 };
const common = { color: COLOR, series: [SERIES] };

/** The study's points as a line; nothing without points. */
export function overlayLine(points: readonly Point[], describe: (point: Point) => string): Mark[] {
	return points.length === 0 ? [] : [{ kind: "line", ...common, points, width: 3, describe }];
}

/** The study's points as dots; nothing without points. */
export function overlayDots(points: readonly Point[], describe: (index: number) => string): Mark[] {
	return points.length === 0 ? [] : [{ kind: "dots", ...common, points, shape: "diamond", describe }];
}

/** What the study's marks are. */
export function overlayLegend(overlay: StudyOverlay | null, shape: "line" | "dots"): LegendItem[] {
	if (!overlay) return [];
	const text = rich(`your study “${overlay.name}”`);
	return shape === "line"
		? [{ text, series: SERIES, line: { color: COLOR, width: 3 } }]
		: [{ text, series: SERIES, dot: { color: COLOR, shape: "diamond" } }];
}
