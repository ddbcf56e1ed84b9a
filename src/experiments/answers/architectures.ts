import { groupBy } from "../../maths/group-by.ts";
import { leastSquaresLine, mean } from "../../maths/least-squares.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { intervalText, listText } from "../drawing.ts";
import { bestOfArms } from "../statistics/best-of-arms.ts";
import type { Interval } from "../statistics/cells.ts";
import { type ArchitectureRow, architecturesFigure } from "./architectures-figure.ts";

/** A line of ln L against ln N_\E for one architecture. */
interface ArchitectureLine {
	readonly arm: string;
	readonly slope: Interval | null;
	/** How much higher its loss is than the first architecture's at equal N_\E, in percent. */
	readonly offset: Interval | null;
}

/** The loss of each architecture against its non-embedding parameters: its slope, and its level against the first one's. */
export function answerArchitectures(plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const { best, interval, warnings } = bestOfArms(plan, runs, options);
	const sizes = best.map(({ cell }) => Math.log(cell.runs[0]!.parameters.nonEmbedding));
	const members = groupBy(best.keys(), (i) => best[i]!.arm);
	const lineOf = (arm: string, losses: readonly number[]) => {
		const own = members.get(arm) ?? [];
		return leastSquaresLine(
			own.map((i) => sizes[i]!),
			own.map((i) => Math.log(losses[i]!)),
		);
	};
	const [first] = members.keys();
	const lines = [...members.keys()].map((arm): ArchitectureLine => {
		const middle = middleOf([first!, arm].map((name) => members.get(name)!.map((i) => sizes[i]!)));
		const slope = interval((losses) => lineOf(arm, losses)?.slope ?? null);
		const offset = interval((losses) => {
			const [reference, own] = [lineOf(first!, losses), lineOf(arm, losses)];
			if (!(reference && own)) return null;
			const difference = own.intercept - reference.intercept + (own.slope - reference.slope) * middle;
			return 100 * (Math.exp(difference) - 1);
		});
		return { arm, slope, offset: arm === first ? null : offset };
	});
	const rows = best.map((row): ArchitectureRow => ({ ...row, ...lines.find(({ arm }) => arm === row.arm)! }));
	return { sentence: sentenceOf(lines), figure: architecturesFigure(plan, rows), warnings };
}

/** Middle of the range of ln N that several groups share; of all they cover where they share none. */
function middleOf(groups: readonly (readonly number[])[]): number {
	const from = Math.max(...groups.map((group) => Math.min(...group)));
	const to = Math.min(...groups.map((group) => Math.max(...group)));
	return mean([from, to]);
}

function sentenceOf(lines: readonly ArchitectureLine[]): string {
	const slopes = lines.flatMap(({ arm, slope }) => (slope ? [`${intervalText(slope)} for ${arm}`] : []));
	if (slopes.length === 0) return "No architecture has finished runs of two sizes.";
	const first = `The slope of ln L against ln N_\\E is ${listText(slopes)}.`;
	const offsets = lines.flatMap(({ arm, offset }) => (offset ? [`${percent(offset)} with ${arm}`] : []));
	if (offsets.length === 0) return first;
	return `${first} Against ${lines[0]!.arm} at equal N_\\E, the loss is ${listText(offsets)}.`;
}

/** "1.2 (0.8 to 1.5) percent lower". */
function percent({ estimate, low, high }: Interval): string {
	if (estimate >= 0) return `${intervalText({ estimate, low, high })} percent higher`;
	const turned = { estimate: -estimate, low: high === null ? null : -high, high: low === null ? null : -low };
	return `${intervalText(turned)} percent lower`;
}
