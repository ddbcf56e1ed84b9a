import type { Forecast } from "../../study/forecast.ts";
import type { LawForecast, Predicted } from "../../study/forecast-laws.ts";
import { scoreText, sealedSentence, verdictSentence } from "../../study/forecast-text.ts";
import type { Judgement, Verdict } from "../../study/judge-forecast.ts";
import { plural, short, span, table, wrapped } from "./format.ts";

/** A sealed forecast for people: what each law says of each size and length. */
export function forecastLines(forecast: Forecast): string[] {
	const { targets, laws, interval } = forecast;
	const applied = laws.filter(({ reason }) => reason === null);
	const header = [`final loss, ${percent(interval)} intervals of a run`, ...applied.map(({ title }) => title)];
	const rows = targets.map(({ parameters, tokens }, t) => [
		sizeText(parameters, tokens),
		...applied.map((law) => predictedText(law.targets[t]!)),
	]);
	rows.push(["lowest of all runs", ...applied.map(({ best }) => predictedText(best))]);
	const missing = laws.flatMap(({ title, reason }) => (reason === null ? [] : wrapped(`${title}: ${reason}.`)));
	return [sealedSentence(forecast), ...table([header, ...rows]), ...missing];
}

/** What came of it: by run the error of each law, and whether the loss lies in the interval. */
export function judgementLines(forecast: Forecast, judgement: Judgement): string[] {
	const judged = judgement.runs.flatMap((run, i) => (run.reason === null ? [{ ...run, i }] : []));
	const sentence = verdictSentence(forecast, judgement);
	if (judged.length === 0) return [sentence, ...notJudged(judgement)];
	const applied = forecast.laws.filter(({ reason }) => reason === null);
	const ofLaw = ({ law }: LawForecast) => judgement.laws.find((each) => each.law === law)!;
	const header = ["predicted - came out", "loss", ...applied.map(({ title }) => title)];
	const rows = judged.map(({ run, target, came, i }) => {
		const { parameters, tokens } = forecast.targets[target]!;
		return [
			`${run.slice(0, 8)}, ${sizeText(parameters, tokens)}`,
			came!.toFixed(4),
			...applied.map((law) => verdictText(ofLaw(law).runs[i]!)),
		];
	});
	const best = judgement.runs.find(({ run }) => run === judgement.best);
	if (best && judgement.waiting === 0)
		rows.push(["lowest of all runs", best.came!.toFixed(4), ...applied.map((law) => verdictText(ofLaw(law).best))]);
	const scores = applied.flatMap((law) => {
		const score = scoreText(judgement, law);
		return score === null ? [] : [`${law.title}: ${score}`];
	});
	return [
		...wrapped(sentence),
		...table([header, ...rows]),
		...wrapped(`${scores.join("; ")}.`),
		...notJudged(judgement),
	];
}

const MOST_LINES = 5;

function notJudged({ runs }: Judgement): string[] {
	const others = runs.filter(({ reason, waits }) => reason !== null && !waits);
	return [
		...others
			.slice(0, MOST_LINES)
			.flatMap(({ run, reason }) => wrapped(`Run ${run.slice(0, 8)} is not judged: ${reason}.`)),
		...(others.length > MOST_LINES
			? [`${plural(others.length - MOST_LINES, "more run")} not judged; --json lists them.`]
			: []),
	];
}

const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;

function sizeText(parameters: number, tokens: number): string {
	return `N ${short(parameters)}, D ${short(tokens)}`;
}

function predictedText(predicted: Predicted | null): string {
	if (!predicted) return "does not apply";
	const { loss, low, high } = predicted;
	return `${loss.toFixed(3)} (${low === null || high === null ? "no interval" : span(low, high, (value) => value.toFixed(3))})`;
}

function verdictText(verdict: Verdict | null): string {
	if (!verdict) return "does not apply";
	const { error, percent, inside } = verdict;
	const sign = error < 0 ? "-" : "+";
	const where = inside === null ? "no interval" : inside ? "inside" : "outside";
	return `${sign}${Math.abs(error).toFixed(3)} (${sign}${Math.abs(percent).toFixed(2)} %), ${where}`;
}
