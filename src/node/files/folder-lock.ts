import { unlinkSync } from "node:fs";
import { readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { diskError, makeFolder } from "./disk-error.ts";

export const LOCK_FILE = "lock.json";

/** The process that holds a folder. */
interface Holder {
	pid: number;
	host: string;
	/** When the process started, in the kernel's ticks since boot; null where that is not known. Tells a reused pid apart. */
	ticks: number | null;
	/** When the lock was taken, ISO 8601. */
	since: string;
}

/** A lock that cannot be read is one that is being written, unless it is older than this. Milliseconds. */
const WRITING = 10_000;

/**
 * Holds a folder for this process, creating it if needed. A lock that a dead process left is taken over.
 *
 * @returns releases it, and removes the folder if it is empty
 * @throws Error naming the process that holds it
 */
export async function lockFolder(path: string): Promise<() => Promise<void>> {
	await makeFolder(path);
	const file = join(path, LOCK_FILE);
	const own: Holder = {
		pid: process.pid,
		host: hostname(),
		ticks: await startTicks(process.pid),
		since: new Date().toISOString(),
	};
	const text = `${JSON.stringify(own)}\n`;
	while (!(await created(file, text))) await removeIfStale(path, file);
	const remove = () => {
		try {
			unlinkSync(file);
		} catch {
			// Someone has removed it, which is as well.
		}
	};
	// A second Ctrl-C exits at once.
	process.once("exit", remove);
	return async () => {
		process.off("exit", remove);
		remove();
		await rmdir(path).catch(() => {});
	};
}

async function created(file: string, text: string): Promise<boolean> {
	try {
		await writeFile(file, text, { flag: "wx" });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
		throw diskError(file, "written", error);
	}
}

/** Removes a lock whose process has ended. Throws an Error naming the process if it may still run. */
async function removeIfStale(path: string, file: string): Promise<void> {
	const text = await readFile(file, "utf8").catch(() => null);
	if (text === null) return;
	const holder = parsed(text);
	const advice = `wait until it has ended, or give another folder with --out`;
	if (holder === null) {
		const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: 0 }));
		if (Date.now() - mtimeMs < WRITING) throw new Error(`${path} is being taken by another process; ${advice}`);
	} else if (holder.host !== hostname())
		throw new Error(
			`${path} is in use by process ${holder.pid} on the machine "${holder.host}" since ${holder.since}; ${advice}; if it ` +
				`has ended, remove ${file}`,
		);
	else if (await runs(holder))
		throw new Error(`${path} is in use by process ${holder.pid} of this machine since ${holder.since}; ${advice}`);
	await takeAway(file, text);
}

/** Removes a lock, unless another process has replaced it meanwhile: that one is put back. */
async function takeAway(file: string, text: string): Promise<void> {
	const aside = `${file}.${process.pid}.stale`;
	try {
		await rename(file, aside);
	} catch {
		return;
	}
	const moved = await readFile(aside, "utf8").catch(() => text);
	if (moved !== text) await writeFile(file, moved, { flag: "wx" }).catch(() => {});
	await rm(aside, { force: true });
}

function parsed(text: string): Holder | null {
	try {
		const { pid, host, ticks, since } = JSON.parse(text) as Partial<Holder>;
		if (!Number.isSafeInteger(pid) || typeof host !== "string" || typeof since !== "string") return null;
		return { pid: pid!, host, since, ticks: typeof ticks === "number" ? ticks : null };
	} catch {
		return null;
	}
}

async function runs({ pid, ticks }: Holder): Promise<boolean> {
	try {
		process.kill(pid, 0);
	} catch (error) {
		// EPERM: it runs, as another user.
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
	const now = await startTicks(pid);
	return ticks === null || now === null || ticks === now;
}

/** Field 22 of /proc/<pid>/stat on Linux; null elsewhere. The second field, a name, may hold blanks and parentheses. */
async function startTicks(pid: number): Promise<number | null> {
	const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
	return text === null ? null : Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[19]);
}
