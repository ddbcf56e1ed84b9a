import { closeSync, constants, fstatSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/**
 * What Dawn prints of every Vulkan adapter that allows more dynamic buffers than Dawn can use, whatever it is asked for:
 * `NormalizeLimits` in its src/dawn/native/Limits.cpp has no switch for it.
 */
const LIMIT_WARNING =
	/^Warning: maxDynamic(Uniform|Storage)BuffersPerPipelineLayout artificially reduced from \d+ to \d+ to fit dynamic offset allocation limit\.\n/gm;

const STDERR = 2;
/** How often, a millisecond apart, the end of other work on files is waited for. */
const TURNS = 100;

/**
 * Asks Dawn for adapters without its warnings about dynamic buffers. Whatever else it prints before `ask` returns comes
 * afterwards.
 *
 * Dawn writes to the file descriptor, past Node, so the descriptor is another file meanwhile. Node can put it back only by opening
 * it anew. That gives the same for terminals and pipes on Linux; for files and sockets, and elsewhere, the warnings stay.
 */
export async function withoutLimitWarnings<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
	// While another thread opens or closes a file, that might get stderr's number. Such work has mostly just ended.
	for (let turn = 0; worksOnFiles() && turn < TURNS; turn++) await setTimeout(1);
	const putBack = worksOnFiles() ? null : divertStderr();
	if (!putBack) return ask();
	let asked: Promise<Answer>;
	try {
		asked = ask();
	} finally {
		const others = putBack().replaceAll(LIMIT_WARNING, "");
		if (others !== "") writeSync(STDERR, others);
	}
	return asked;
}

function worksOnFiles(): boolean {
	return process.getActiveResourcesInfo().some((name) => name.startsWith("FSReq") || name === "CloseReq");
}

/** Has stderr go to a file. Returns what puts it back and gives what the file then holds; null where that cannot be done. */
function divertStderr(): (() => string) | null {
	if (process.platform !== "linux") return null;
	const stderr = fstatSync(STDERR);
	if (!stderr.isFIFO() && !stderr.isCharacterDevice()) return null;
	let folder = "";
	try {
		folder = mkdtempSync(join(tmpdir(), "isoflop-stderr-"));
		const path = join(folder, "text");
		closeSync(openSync(path, "wx"));
		const kept = openAnew(STDERR);
		// A new descriptor is the lowest that is free, and 0 and 1 are in use.
		closeSync(STDERR);
		openSync(path, "a");
		return () => {
			closeSync(STDERR);
			try {
				openAnew(kept);
			} catch {
				// The reader of the pipe is gone.
				openSync("/dev/null", "w");
			}
			closeSync(kept);
			const text = readFileSync(path, "utf8");
			rmSync(folder, { recursive: true });
			return text;
		};
	} catch {
		if (folder !== "") rmSync(folder, { recursive: true });
		return null;
	}
}

/** Opens what a descriptor is of. Never waits for somebody who reads a pipe: if nobody does, that is an error. */
function openAnew(descriptor: number): number {
	const { O_WRONLY, O_NOCTTY, O_NONBLOCK } = constants;
	const nonblocking = fstatSync(descriptor).isFIFO() ? O_NONBLOCK : 0;
	return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NOCTTY | nonblocking);
}
