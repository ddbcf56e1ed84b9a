import { EventEmitter } from "node:events";
import { createWriteStream, existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { abortOnInterrupt } from "../../../src/node/interrupt.ts";
import { ProgressBars } from "../../../src/node/printing/progress-bars.ts";
import { canDraw, exitOnOutputError } from "../../../src/node/printing/terminal.ts";
import { initialProgress } from "../../../src/study/progress.ts";

test("bars are drawn on terminals that know control codes", () => {
	expect(canDraw({ isTTY: true }, "xterm")).toBe(true);
	expect(canDraw({ isTTY: true }, undefined)).toBe(true);
	expect(canDraw({ isTTY: true }, "dumb")).toBe(false);
	expect(canDraw({}, "xterm")).toBe(false);
});

describe("stdout that cannot be written", () => {
	const watched = (stream: EventEmitter) => {
		const said: string[] = [];
		const codes: number[] = [];
		exitOnOutputError(
			stream as NodeJS.WriteStream,
			(line) => said.push(line),
			(code) => codes.push(code),
		);
		return { said, codes };
	};

	test("a reader that is gone needs no word", () => {
		const stream = new EventEmitter();
		const { said, codes } = watched(stream);
		stream.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
		expect({ said, codes }).toEqual({ said: [], codes: [1] });
	});

	test.runIf(existsSync("/dev/full"))("a full disk is said", async () => {
		const stream = createWriteStream("/dev/full");
		const { said, codes } = watched(stream);
		stream.write("{}");
		await new Promise<void>((resolve) => stream.on("close", () => resolve()));
		expect(said).toEqual(["isoflop: standard output cannot be written (ENOSPC: no space is left on the disk)"]);
		expect(codes).toEqual([1]);
	});
});

/** A terminal that keeps what is written to it. */
function fakeTerminal() {
	const written: string[] = [];
	const stream = Object.assign(new EventEmitter(), {
		...{ isTTY: true, columns: 80, rows: 24 },
		write: (text: string) => written.push(text) > 0,
	});
	return { stream: stream as unknown as NodeJS.WriteStream, text: () => written.join("") };
}

test("a second Ctrl-C at once exits with the cursor shown and lines wrapped", () => {
	const { stream, text } = fakeTerminal();
	const bars = new ProgressBars(stream);
	bars.show(
		{ ...initialProgress, tokenizing: { corpus: "sotu", vocabulary: 512, share: 0.5 } },
		{ type: "tokenizing", corpus: "sotu", vocabulary: 512, done: 1, total: 2 },
	);
	expect(text()).toContain("\x1b[?25l");
	const abort = new AbortController();
	const codes: [code: number, atThatTime: string][] = [];
	const stop = abortOnInterrupt(
		abort,
		() => bars.close(),
		(code) => codes.push([code, text()]),
	);
	process.emit("SIGINT");
	expect([abort.signal.aborted, codes]).toEqual([true, []]);
	process.emit("SIGINT");
	stop();
	expect(codes.map(([code]) => code)).toEqual([130]);
	const [, shown] = codes[0]!;
	expect(shown.lastIndexOf("\x1b[?25h")).toBeGreaterThan(shown.lastIndexOf("\x1b[?25l"));
	expect(shown.lastIndexOf("\x1b[?7h")).toBeGreaterThan(shown.lastIndexOf("\x1b[?7l"));
	expect(process.listeners("SIGINT")).toEqual([]);
});
