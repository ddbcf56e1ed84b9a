import { plural } from "../../figures/format.ts";
import type { StorageTrouble } from "../../worker/storage-report.ts";
import { formatBytes } from "../parts/format-bytes.ts";

const TITLES: Record<StorageTrouble["problem"], string> = {
	full: "Storage is full",
	refused: "This browser stores nothing for this page",
	silent: "The browser's storage does not answer",
};

/** What it means that runs cannot be stored: a title, how it stands, and what to do. */
export function storageTexts(trouble: StorageTrouble): { title: string; standing: string; advice: string } {
	const { problem, runs } = trouble;
	const standing =
		runs === 0
			? "What is trained now stays in this tab's memory and goes with it."
			: `${plural(runs, "finished run")} ${runs === 1 ? "is" : "are"} in this tab's memory only, and will be gone when it is closed.`;
	return {
		title: TITLES[problem],
		standing,
		advice: problem === "full" ? fullAdvice(trouble) : refusedAdvice(trouble),
	};
}

function fullAdvice({ runs, bytes, usage, quota }: StorageTrouble): string {
	const needed = runs > 0 ? `${runs === 1 ? "It needs" : "They need"} about ${formatBytes(bytes)}. ` : "";
	// Browsers also refuse when the disk is nearly full, and some overstate what they allow.
	const disk = usage !== null && quota !== null && usage + bytes < quota ? ", so the disk itself may be full" : "";
	const used =
		usage === null || quota === null
			? ""
			: `The lab takes up about ${formatBytes(usage)} of the ${formatBytes(quota)} that this browser allows${disk}. `;
	return `${needed}${used}Training goes on. Delete stored runs, ask the browser for more, or save the runs as files.`;
}

function refusedAdvice({ problem, reason }: StorageTrouble): string {
	const why =
		problem === "refused"
			? `It said: ${reason.replace(/\.$/, "")}. Private windows and settings that block a site's data do this. `
			: "Private windows and settings that block a site's data can do this. ";
	return `${why}Training works all the same. Save as files what you want to keep: the buttons stand below the runs.`;
}
