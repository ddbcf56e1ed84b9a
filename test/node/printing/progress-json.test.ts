import { expect, test } from "vitest";
import { jsonNotes, ProgressJson } from "../../../src/node/printing/progress-json.ts";
import type { StudyEvent } from "../../../src/run/events.ts";
import { planStudy } from "../../../src/study/planner.ts";
import { initialProgress, reduceProgress } from "../../../src/study/progress.ts";
import { corpora, resultOf, studyWith } from "../../study/fixtures.ts";

const { runs } = await planStudy(studyWith({ sizes: [{ width: 8, layers: 1, heads: 1 }] }), corpora);
const [first, second] = runs as [(typeof runs)[0], (typeof runs)[0]];

/** The lines of a session with these events. */
function linesOf(events: readonly StudyEvent[]): Record<string, unknown>[] {
	const lines: string[] = [];
	const terminal = { json: () => {}, print: () => {}, say: (line: string) => lines.push(line), screen: null };
	const view = new ProgressJson(terminal);
	let state = initialProgress;
	for (const event of events) {
		state = reduceProgress(state, event);
		view.show(state, event);
	}
	jsonNotes(terminal).say('Note: a "word"');
	for (const line of lines) expect(line).not.toContain("\n");
	return lines.map((line) => JSON.parse(line));
}

test("every event is one line of JSON with words and numbers", () => {
	const points = [{ tokens: 512, loss: 5.5 }];
	const lines = linesOf([
		{ type: "planned", runs, stored: [], adapter: "a GPU" },
		{ type: "tokenizing", corpus: "sotu", vocabulary: 256, done: 1, total: 4 },
		{ type: "pack", ids: [first.id, second.id], bytes: 1000 },
		// Within a second of another line about the same work.
		{ type: "progress", runs: [{ id: first.id, step: 1, points: [] }], tokensPerSecond: 1000 },
		{ type: "discarded", ids: [first.id], reason: "it is torn" },
		{ type: "recovered", reason: "it slept", adapter: "a GPU" },
		{ type: "finished", result: resultOf(first) },
		{ type: "done" },
	]);
	const result = resultOf(first);
	expect(lines).toEqual([
		{ event: "planned", adapter: "a GPU", runs: 2, stored: 0, text: "training on a GPU" },
		{ event: "tokenizing", corpus: "sotu", vocabulary: 256, done: 1, total: 4, text: "tokenizing sotu: 25 %" },
		{
			...{ event: "pack", ids: [first.id, second.id], from: 0, bytes: 1000 },
			text: expect.stringMatching(/^training 2 runs of width 8, 1 layer, 1 head, 40 steps \(1KB on the GPU\)$/),
		},
		{ event: "discarded", ids: [first.id], reason: "it is torn", text: expect.stringContaining("1 run restarts") },
		{
			event: "recovered",
			adapter: "a GPU",
			reason: "it slept",
			text: expect.stringContaining("the GPU was lost (it slept)"),
		},
		{
			...{ event: "finished", id: first.id, status: "finished", tokens: result.tokens },
			...{ validationLoss: result.validationLoss, text: expect.stringMatching(/^finished width 8, 1 layer/) },
		},
		{ event: "done", text: "1 of 2 runs are finished" },
		{ event: "note", text: 'Note: a "word"' },
	]);
	const [, progress] = linesOf([
		{ type: "planned", runs, stored: [], adapter: "a GPU" },
		{ type: "progress", runs: [{ id: first.id, step: 4, points }], tokensPerSecond: 1000 },
	]);
	expect(progress).toEqual({
		...{
			event: "progress",
			share: 0.05,
			tokensPerSecond: 1000,
			flopsPerSecond: expect.any(Number),
			secondsLeft: expect.closeTo(36.84, 1),
		},
		runs: [{ id: first.id, step: 4, steps: 40, loss: 5.5 }],
		text: expect.stringMatching(/^5 %, 1K tokens\/s/),
	});
});
