import { counted } from "../../architecture/counted.ts";
import type { Counting } from "../../architecture/counting.ts";
import { COUNTING_TEXTS } from "../../experiments/figures/countings.ts";
import { type RichText, rich, TOKEN_COUNT } from "../../figures/rich-text.ts";
import { type RunView, tokensSeen } from "../state/run-view.ts";

/** What the loss is drawn against: compute in some way of counting, training tokens, steps, or seconds of training. */
export type LossAxis = Counting | "tokens" | "steps" | "seconds";

interface AxisText {
	label: RichText;
	plain: string;
	unit: string;
	link: string;
	isCompute: boolean;
}

export function axisText(axis: LossAxis): AxisText {
	switch (axis) {
		case "tokens":
			return {
				label: rich("Training tokens (", TOKEN_COUNT, ")"),
				...{ plain: "training tokens", unit: "tokens", link: "tokens", isCompute: false },
			};
		case "steps":
			return {
				label: rich("Training steps"),
				...{ plain: "training steps", unit: "steps", link: "steps", isCompute: false },
			};
		case "seconds":
			return {
				label: rich("Time from the start of its pack (seconds)"),
				...{ plain: "training time", unit: "seconds", link: "seconds", isCompute: false },
			};
		default: {
			const { compute, phrase } = COUNTING_TEXTS[axis];
			return {
				label: rich("Compute ", phrase, " (", compute, ", FLOP)"),
				...{ plain: `compute ${phrase}`, unit: "FLOP", link: "flops", isCompute: true },
			};
		}
	}
}

/** How far a token moves a run along the axis; null where that is not known. Every step of a run takes as long as another. */
export function perTokenAlong(run: RunView, axis: LossAxis): number | null {
	const { model, batchSequences } = run.spec;
	if (axis === "tokens") return 1;
	if (axis === "steps") return 1 / (batchSequences * model.context);
	if (axis === "seconds") return run.seconds === undefined ? null : run.seconds / Math.max(1, tokensSeen(run));
	return counted(model, axis).flopsPerToken;
}
