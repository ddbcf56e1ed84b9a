import type { Forecast } from "./forecast.ts";
import type { LawForecast } from "./forecast-laws.ts";
import { HOLD_OUT_WORDS } from "./hold-out.ts";
import type { Judgement } from "./judge-forecast.ts";

/** What was sealed, from what and when, as a sentence. */
export function sealedSentence({ by, heldOut, used, sealedAt }: Forecast): string {
	return (
		`Sealed ${timeText(sealedAt)}: ${runs(heldOut.length)} of the ${HOLD_OUT_WORDS[by]} set aside, ` +
		`predicted from ${runs(used.length)} of the rest.`
	);
}

/** An ISO time to the minute, as "30 Nov 2026, 17:20 UTC". */
function timeText(iso: string): string {
	const time = new Date(iso);
	const part = (options: Intl.DateTimeFormatOptions) =>
		new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(time);
	return `${part({ day: "numeric", month: "short", year: "numeric" })}, ${part({ hour: "2-digit", minute: "2-digit" })} UTC`;
}

/** How a law did over the runs that are judged, as "8 of 9 inside, off by 0.4 % on average"; null where it is not judged. */
export function scoreText({ laws }: Judgement, { law }: Pick<LawForecast, "law">): string | null {
	const found = laws.find((each) => each.law === law)!.runs.filter((run) => run !== null);
	if (found.length === 0) return null;
	const off = found.reduce((sum, { percent }) => sum + Math.abs(percent), 0) / found.length;
	const bounded = found.filter(({ inside }) => inside !== null);
	const inside =
		bounded.length === 0 ? "no interval" : `${bounded.filter((run) => run.inside).length} of ${bounded.length} inside`;
	return `${inside}, off by ${off.toFixed(off < 10 ? 2 : 0)} % on average`;
}

/** What came of the forecast, as a sentence. */
export function verdictSentence(forecast: Forecast, judgement: Judgement): string {
	const judged = judgement.runs.filter(({ reason }) => reason === null).length;
	const { waiting } = judgement;
	if (judged === 0)
		return waiting > 0
			? `None of the ${runs(forecast.heldOut.length)} set aside has finished yet.`
			: "No run that was set aside gave a loss to judge.";
	const rest = waiting > 0 ? ` ${runs(waiting)} not finished yet.` : "";
	return closestSentence(forecast, judgement) + rest;
}

/** Which law is closest to the runs that are judged, as a sentence. */
export function closestSentence(forecast: Pick<Forecast, "laws">, judgement: Judgement): string {
	const judged = judgement.runs.filter(({ reason }) => reason === null).length;
	const scored = forecast.laws.flatMap((law) => {
		const errors = judgement.laws.find((each) => each.law === law.law)!.runs.filter((run) => run !== null);
		if (errors.length < judged) return [];
		return [{ law, off: errors.reduce((sum, { percent }) => sum + Math.abs(percent), 0) }];
	});
	if (scored.length === 0) return `No law predicts all ${runs(judged)} that are judged.`;
	const closest = scored.reduce((low, each) => (each.off < low.off ? each : low)).law;
	return `Closest over ${runs(judged)} is ${closest.title}: ${scoreText(judgement, closest)}.`;
}

const runs = (count: number) => `${count} run${count === 1 ? "" : "s"}`;
