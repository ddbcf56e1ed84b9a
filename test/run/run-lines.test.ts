import fc from "fast-check";
import { expect, test } from "vitest";
import { holdsRuns, readRunLines, runLine, studyLine } from "../../src/run/run-lines.ts";
import { stopText } from "../../src/run/stop-text.ts";
import { planStudy } from "../../src/study/planner.ts";
import { corpora, resultOf, studyWith } from "../study/fixtures.ts";

const { runs } = await planStudy(studyWith(), corpora);
const results = [resultOf(runs[0]!), resultOf(runs[1]!, "diverged"), resultOf(runs[2]!)];
const text = results.map(runLine).join("");

test("what is written is read again", () => {
	expect(readRunLines(text)).toEqual({ results, whole: text.length, torn: false });
	expect(readRunLines("")).toEqual({ results: [], whole: 0, torn: false });
	const tail = { after: 20, of: 40, cooldown: "linear", floor: 0.1 } as const;
	const forked = { ...results[0]!, spec: { ...results[0]!.spec, schedule: { ...results[0]!.spec.schedule, tail } } };
	expect(readRunLines(runLine(forked)).results).toEqual([forked]);
	const inHalf = { ...results[0]!, spec: { ...results[0]!.spec, storage: "f16" as const } };
	expect(readRunLines(runLine(inHalf)).results).toEqual([inHalf]);
});

test("a file of results has its study before its runs", () => {
	const study = studyWith();
	const packed = studyLine(study) + text;
	expect(readRunLines(packed)).toEqual({ results, study, whole: packed.length, torn: false });
	expect(holdsRuns("results.txt", packed)).toBe(true);
	expect(holdsRuns("results.txt", '{"study":"a","loss":3}\n')).toBe(false);
});

test("equal results give equal lines, whatever the order of their keys", () => {
	const reversed = Object.fromEntries(Object.entries(results[0]!).reverse()) as unknown as (typeof results)[0];
	expect(runLine(reversed)).toBe(runLine(results[0]!));
});

test("a result that JSON cannot hold is refused, not written as null", () => {
	const broken = { ...results[0]!, validationLoss: Number.NaN };
	expect(() => runLine(broken)).toThrow();
});

test("cut anywhere, the whole lines are read and the torn one is left out", { timeout: 60_000 }, () => {
	const starts = [0, text.indexOf("\n") + 1, text.indexOf("\n", text.indexOf("\n") + 1) + 1, text.length];
	fc.assert(
		fc.property(fc.nat(text.length), (cut) => {
			const lines = readRunLines(text.slice(0, cut));
			const whole = starts.filter((start) => start <= cut).at(-1)!;
			expect(lines.whole).toBe(whole);
			expect(lines.results).toEqual(results.slice(0, starts.indexOf(whole)));
			expect(lines.torn).toBe(cut !== whole);
		}),
	);
});

test("a last line of other bytes is torn too; one before it is an error", () => {
	expect(readRunLines(`${text}\0\0\0\n`)).toMatchObject({ torn: true, whole: text.length });
	expect(() => readRunLines(`x\n${text}`)).toThrow("line 1 is not a run: it is not a JSON object");
});

test("of lines with one id the first counts; empty lines do not", () => {
	expect(readRunLines(`${text}\n${runLine(results[0]!)}`).results).toEqual(results);
});

test.each([
	[(line: string) => line.replace('"width":8', '"width":-8'), /^line 2 is not a run: spec\.model\.width is -8/],
	[(line: string) => line.replace('"loss":[', '"loss":["x",'), /^line 2 is not a run: curve\.loss\[0\] is "x"/],
	[(line: string) => line.replace('"loss":[', '"loss":[1,'), /^line 2 is not a run: .*must be equally long/],
	[(line: string) => line.replace('"status":"diverged"', '"status":"lost"'), /^line 2 is not a run: status is "lost"/],
	[() => "[]\n", /^line 2 is not a run: id is undefined/],
	[() => "3\n", /^line 2 is not a run: it is not a JSON object/],
])("a line that is no run names itself and the field (%#)", (change, message) => {
	const lines = results.map(runLine);
	lines[1] = change(lines[1]!);
	expect(() => readRunLines(lines.join(""))).toThrow(message);
});

const stopped = { ...resultOf(runs[0]!, "stopped"), stopped: { step: 10, bestRate: 0.01, behind: 0.25 } };

test("a stopped run says why, and no other does", () => {
	expect(readRunLines(runLine(stopped)).results).toEqual([stopped]);
	const silent = runLine(resultOf(runs[0]!, "stopped"));
	expect(() => readRunLines(silent)).toThrow('line 1 is not a run: status is "stopped" and stopped is');
	const talkative = runLine({ ...results[0]!, stopped: stopped.stopped });
	expect(() => readRunLines(talkative)).toThrow('line 1 is not a run: status is "finished" and stopped is');
	expect(stopText(stopped)).toBe("stopped after step 10 of 40, 0.25 nats behind learning rate 0.01");
	const diverged = { ...stopped, stopped: { ...stopped.stopped, behind: null } };
	expect(stopText(diverged)).toBe("stopped after step 10 of 40, since its learning rate diverged with another seed");
	expect(stopText(results[0]!)).toBeUndefined();
});

test("of a run that was stopped, and trained to its end later, the end counts, whichever line comes first", () => {
	const finished = results[0]!;
	for (const lines of [
		[stopped, finished],
		[finished, stopped],
	])
		expect(readRunLines(lines.map(runLine).join("")).results).toEqual([finished]);
});
