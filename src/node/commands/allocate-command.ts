import { figureSvg } from "../../figures/svg.ts";
import { adviseFully, type LawAdvice } from "../../theory/advice.ts";
import { ADVICE_BOUNDS } from "../../theory/advice-bounds.ts";
import { allocationFigure } from "../../theory/charts/plan-allocation-figure.ts";
import { rangeText } from "../../theory/fitted-range.ts";
import { requireFinite } from "../../theory/report.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { short, table } from "../printing/format.ts";
import { type Terminal, UsageError } from "../printing/terminal.ts";
import { readAllocationLaws } from "./law-option.ts";
import { numberOption } from "./number-option.ts";

export interface AllocateOptions {
	flops?: string;
	law?: string;
	parameters?: string;
	inferenceTokens?: string;
	batch?: string;
	criticalBatch?: string;
	/** File for the figure of N* against C as SVG. */
	plot?: string;
	json?: boolean;
}

/** `isoflop allocate`: how published laws, or the user's own, would spend a budget. */
export async function allocateCommand(terminal: Terminal, options: AllocateOptions): Promise<number> {
	if (options.flops === undefined)
		throw new UsageError("allocate: --flops is missing; give the training compute in FLOP, as in --flops 5.88e23");
	const number = (name: string, text: string, input: keyof typeof ADVICE_BOUNDS) =>
		numberOption(name, text, ADVICE_BOUNDS[input].min, ADVICE_BOUNDS[input].max);
	const optional = (name: string, text: string | undefined, input: keyof typeof ADVICE_BOUNDS) =>
		text === undefined ? undefined : number(name, text, input);
	const flops = number("--flops", options.flops, "flops");
	const parameters = optional("--parameters", options.parameters, "parameters");
	const inferenceTokens = optional("--inference-tokens", options.inferenceTokens, "inferenceTokens");
	const batch = optional("--batch", options.batch, "batch");
	const criticalBatch = optional("--critical-batch", options.criticalBatch, "criticalBatch");
	if (criticalBatch !== undefined && batch === undefined)
		throw new UsageError("--critical-batch is given without --batch; it only applies to a batch size");
	const laws = await readAllocationLaws("--law", options.law ?? "all");
	const advice = laws.map((law) => adviseFully(law, { flops, parameters, inferenceTokens, batch, criticalBatch }));
	const report = {
		flops,
		parameters: parameters ?? null,
		inferenceTokens: inferenceTokens ?? null,
		batch: batch ?? null,
		criticalBatch: criticalBatch ?? null,
		laws: advice,
	};
	try {
		requireFinite(report);
	} catch (error) {
		throw new UsageError(`allocate: ${(error as Error).message}`, { cause: error });
	}
	if (options.plot !== undefined)
		await writeAtomically(options.plot, figureSvg(allocationFigure(laws, flops), PICTURE));
	if (options.json) terminal.json(report);
	else for (const line of lines(report)) terminal.print(line);
	return 0;
}

/** Size of the picture in CSS pixels, and its colors. */
const PICTURE = { width: 900, height: 600, theme: "light" } as const;

interface Report {
	flops: number;
	parameters: number | null;
	inferenceTokens: number | null;
	batch: number | null;
	laws: readonly LawAdvice[];
}

function lines({ flops, parameters, inferenceTokens, batch, laws }: Report): string[] {
	const header = [`C = ${short(flops)} FLOP`, "counts", "N*", "D*, tokens", "D/N", "loss, nats", "N* ∝ C^"];
	const rows = laws.map(({ law, parameters, tokens, tokensPerParameter, loss, exponent }) => [
		law.label,
		law.counting ?? "as fitted",
		short(parameters),
		short(tokens),
		short(tokensPerParameter),
		loss === null ? "none" : loss.toFixed(4),
		exponent.toFixed(4),
	]);
	return [
		...table([header, ...rows]),
		...(parameters === null ? [] : ["", ...overTrainingLines(parameters, laws)]),
		...(inferenceTokens === null ? [] : ["", ...inferenceLines(inferenceTokens, laws)]),
		...(batch === null ? [] : ["", ...batchLines(batch, laws)]),
		"",
		"N is the number of parameters, not millions or billions; C = 6·N·D. Each law counts both in its own way.",
		...laws.map(sourceLine),
	];
}

function sourceLine({ law: { label, source, note, range }, beyond }: LawAdvice): string {
	const fitted = range && `Fitted on ${rangeText(range, short)}${beyond ? `; this budget is ${beyond} that` : ""}`;
	return [`${label}: ${source}`, fitted, note].filter((part) => part !== null).join(". ");
}

function overTrainingLines(parameters: number, laws: readonly LawAdvice[]): string[] {
	const header = [`${short(parameters)} parameters, same loss`, "D, tokens", "D/N", "FLOP", "of C"];
	const rows = laws.flatMap(({ law, overTraining: plan }) =>
		plan
			? [
					[
						law.label,
						short(plan.tokens),
						short(plan.tokensPerParameter),
						short(plan.flops),
						`${plan.cost.toFixed(3)} ×`,
					],
				]
			: [],
	);
	const reasons = laws.flatMap(({ law, reasons: { overTraining } }) =>
		overTraining ? [`${law.label}: ${overTraining}`] : [],
	);
	return rows.length > 0 ? [...table([header, ...rows]), ...reasons] : reasons;
}

function inferenceLines(tokens: number, laws: readonly LawAdvice[]): string[] {
	const header = [`${short(tokens)} tokens of use`, "N", "D, tokens", "D/N", "training", "use", "FLOP in all", "saved"];
	const rows = laws.flatMap(({ law, inference }) =>
		inference
			? (["trainingOptimal", "lifetimeOptimal"] as const).map((which) => {
					const plan = inference[which];
					return [
						`${law.label}, ${which === "trainingOptimal" ? "best to train" : "best to train and use"}`,
						short(plan.parameters),
						short(plan.tokens),
						short(plan.tokensPerParameter),
						short(plan.trainingFlops),
						short(plan.inferenceFlops),
						short(plan.flops),
						which === "trainingOptimal" ? "" : `${(100 * inference.saved).toFixed(1)} %`,
					];
				})
			: [],
	);
	const reasons = laws.flatMap(({ law, reasons: { inference } }) => (inference ? [`${law.label}: ${inference}`] : []));
	return rows.length > 0
		? [
				...table([header, ...rows]),
				"Both have the same loss; use costs 2·N FLOP a token (Sardana et al. 2023).",
				...reasons,
			]
		: reasons;
}

function batchLines(batch: number, laws: readonly LawAdvice[]): string[] {
	const header = [
		`Batches of ${short(batch)} tokens`,
		"B_crit",
		"steps",
		"least steps",
		"tokens",
		"FLOP",
		"least FLOP",
	];
	const rows = laws.flatMap(({ law, batch: plan }) =>
		plan
			? [
					[
						law.label,
						short(plan.criticalBatch),
						short(plan.steps),
						short(plan.leastSteps),
						short(plan.tokens),
						short(plan.flops),
						short(plan.leastFlops),
					],
				]
			: [],
	);
	const reasons = laws.flatMap(({ law, reasons: { batch: reason } }) => (reason ? [`${law.label}: ${reason}`] : []));
	return rows.length > 0
		? [
				...table([header, ...rows]),
				"To the same loss; D* is taken as the tokens at batches far below B_crit. (S/S_min − 1)(E/E_min − 1) = 1.",
				...reasons,
			]
		: reasons;
}
