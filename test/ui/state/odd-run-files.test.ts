import { expect, it } from "vitest";
import { presetNamed } from "../../../src/experiments/experiments.ts";
import { runLine } from "../../../src/run/run-lines.ts";
import { openLab } from "../../../src/ui/state/open-lab.ts";
import { finishedCount, selectRuns } from "../../../src/ui/state/selectors.ts";
import { fakeLab } from "../fake-lab.ts";

const smoke = presetNamed("smoke")!.study;

async function open(stored = 0) {
	const { store, effects } = openLab(fakeLab({ stored }), smoke, null);
	await effects.start();
	await effects.planStudy();
	return { store, effects };
}

const { store: trained } = await open(6);
const lines = selectRuns(trained.state).map(({ result }) => runLine(result!));
const [first] = lines as [string, ...string[]];
const changed = (change: (run: Record<string, unknown>) => void) => {
	const run = JSON.parse(first);
	change(run);
	return `${JSON.stringify(run)}\n`;
};

/** What a file of runs may hold, how many of its runs are then there, and what is said. */
it.each<[string, string | Uint8Array<ArrayBuffer>, number, RegExp]>([
	["nothing", "", 0, /the file has no finished runs/],
	["blank lines", "\n\n \n", 0, /the file has no finished runs/],
	["another format", "a,b\n1,2\n", 0, /^line 1 is not a run/],
	["a JSON array", `[${first.trim()}]\n`, 0, /^line 1 is not a run/],
	["objects of something else", '{"loss": 3}\n', 0, /^line 1 is not a run: id is undefined/],
	["a picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0), 0, /is not a run|no finished runs/],
	["a wrong line among good ones", `${first}{"id": 1}\n${lines[1]}`, 0, /^line 2 is not a run: id is 1/],
	["an id that is not the spec's", changed((run) => (run.id = "0".repeat(16))), 0, /id and hash must be equal/],
	["a changed spec", changed((run) => ((run.spec as { seed: number }).seed = 9)), 0, /id and hash must be equal/],
	["a loss that is text", changed((run) => (run.validationLoss = "low")), 0, /validationLoss is "low"/],
	["a curve of two lengths", changed((run) => (run.curve = { tokens: [1], loss: [] })), 0, /must be equally long/],
	["a status of its own", changed((run) => (run.status = "fine")), 0, /status is "fine"/],
	["a last line cut short", lines.join("") + first.slice(0, 40), 6, /^6 finished runs stored/],
	["every run twice", lines.join("") + lines.join(""), 6, /^6 finished runs stored/],
	["Windows' line ends", lines.join("").replaceAll("\n", "\r\n"), 6, /^6 finished runs stored/],
	["a byte-order mark", `\ufeff${first}`, 1, /^1 finished run stored/],
	["UTF-16", new Uint8Array(Buffer.from(`\ufeff${first}`, "utf16le")), 1, /^1 finished run stored/],
])("a file of runs with %s", async (_, content, finished, said) => {
	const { store, effects } = await open();
	const { document } = store.state;
	await effects.takeFiles([new File([content], "runs.jsonl")]);
	const { notice } = store.state.messages;
	expect(notice!.text).toMatch(said);
	expect(notice!.kind).toBe(finished > 0 ? "info" : "error");
	expect(finishedCount(store.state)).toBe(finished);
	expect(store.state.document.study).toBe(document.study);
});
