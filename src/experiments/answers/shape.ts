import type { Figure } from "../../figures/figure.ts";
import { formatCount, formatLoss } from "../../figures/format.ts";
import { italic, rich, sub } from "../../figures/rich-text.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import type { Plan } from "../../study/plan.ts";
import type { Answer, AnswerOptions } from "../answer.ts";
import { intervalCells, intervalColumns, intervalText, linearAxis, logAxis, measuredMarks } from "../drawing.ts";
import { bestCells, edgeWarnings, rateOf, specOf } from "../statistics/best-cells.ts";
import { cellsOf, drawMeans, type Interval, intervalOf } from "../statistics/cells.ts";

/** A shape at its best learning rate. */
interface Shape {
	width: number;
	layers: number;
	/** Width / layers. */
	aspect: number;
	nonEmbedding: number;
	total: number;
	learningRate: number;
	loss: Interval;
	runs: string[];
}

const shapeKey = ({ model }: RunSpec) => `${model.width}×${model.layers}`;

/** The loss of each shape at its best learning rate against its aspect ratio. */
export function answerShape(_plan: Plan, runs: readonly RunResult[], options: AnswerOptions): Answer {
	const cells = cellsOf(runs, ({ validationLoss }) => validationLoss);
	const best = bestCells(cells, shapeKey);
	const draws = drawMeans(best, options);
	const shapes = best.map((cell, i): Shape => {
		const { width, layers } = specOf(cell).model;
		const { total, nonEmbedding } = cell.runs[0]!.parameters;
		return {
			...{ width, layers, aspect: width / layers, total, nonEmbedding, learningRate: rateOf(cell) },
			loss: intervalOf(best, draws, (means) => means[i]!, options.interval)!,
			runs: cell.runs.map(({ id }) => id),
		};
	});
	shapes.sort((p, q) => p.aspect - q.aspect);
	const spread = intervalOf(best, draws, spreadOf, options.interval);
	return {
		sentence: sentenceOf(shapes, spread),
		figure: figureOf(shapes),
		warnings: edgeWarnings(cells, best, shapeKey, shapeKey),
	};
}

/** How much worse the worst is than the best, in percent. */
function spreadOf(means: readonly number[]): number | null {
	return means.length < 2 ? null : 100 * (Math.max(...means) / Math.min(...means) - 1);
}

function sentenceOf(shapes: readonly Shape[], spread: Interval | null): string {
	if (!spread) return "Fewer than two shapes have finished runs.";
	const lowest = shapes.reduce((best, shape) => (shape.loss.estimate < best.loss.estimate ? shape : best));
	return (
		`Over aspect ratios from ${formatCount(shapes[0]!.aspect)} to ${formatCount(shapes.at(-1)!.aspect)}, the loss differs by ` +
		`${intervalText(spread)} percent; it is lowest with ${shapeName(lowest)}.`
	);
}

const shapeName = ({ width, layers }: Shape) => `width ${width} and ${layers} ${layers === 1 ? "layer" : "layers"}`;

function figureOf(shapes: readonly Shape[]): Figure {
	const count = formatCount;
	return {
		name: "shape",
		title: rich("Loss at equal non-embedding parameters against shape"),
		x: logAxis("Aspect ratio, width / layers"),
		y: linearAxis("Validation loss (nats per token)"),
		marks: measuredMarks(
			shapes.map(({ aspect, loss, runs }) => ({ x: aspect, ...loss, runs })),
			{
				...{ color: "total", series: "shapes" },
				describe: (i) => `${shapeName(shapes[i]!)}: loss ${formatLoss(shapes[i]!.loss.estimate)}`,
			},
		),
		legend: [],
		table: {
			caption: "Shapes at their best learning rates",
			columns: [
				{ id: "width", name: rich("Width"), format: String },
				{ id: "layers", name: rich("Layers"), format: String },
				{ id: "aspect_ratio", name: rich("Width / layers"), format: count },
				{ id: "n_nonembedding", name: rich(italic("N"), sub("\\E")), format: count },
				{ id: "n_total", name: rich(italic("N"), sub("T")), format: count },
				{ id: "learning_rate", name: rich("Learning rate"), format: String },
				...intervalColumns("loss", "Loss"),
			],
			rows: shapes.map(({ width, layers, aspect, nonEmbedding, total, learningRate, loss }) => [
				...[width, layers, aspect, nonEmbedding, total, learningRate],
				...intervalCells(loss),
			]),
		},
		summary: shapes.map((shape) => `${shapeName(shape)}: loss ${formatLoss(shape.loss.estimate)}`).join("; "),
		empty: "No finished runs yet.",
	};
}
