import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LOCK_FILE, lockFolder } from "../../../src/node/files/folder-lock.ts";

let path: string;
beforeEach(async () => {
	path = join(await mkdtemp(join(tmpdir(), "isoflop-lock-")), "out");
});
afterEach(() => rm(join(path, ".."), { recursive: true }));

const file = () => join(path, LOCK_FILE);
const held = { host: hostname(), ticks: null, since: "2026-01-02T03:04:05.000Z" };
/** A lock as another process left it. */
async function leave(holder: object | string): Promise<void> {
	await mkdir(path, { recursive: true });
	await writeFile(join(path, "kept"), "");
	await writeFile(file(), typeof holder === "string" ? holder : JSON.stringify(holder));
}
async function deadProcess(): Promise<number> {
	const child = spawn(process.execPath, ["-e", ""]);
	await once(child, "exit");
	return child.pid!;
}

test("names this process while it is held, and leaves nothing behind", async () => {
	const release = await lockFolder(path);
	expect(JSON.parse(await readFile(file(), "utf8"))).toMatchObject({ pid: process.pid, host: hostname() });
	await release();
	await expect(readdir(path)).rejects.toThrow("ENOENT");
});

test("whoever comes second hears who holds it, and takes nothing away", async () => {
	const release = await lockFolder(path);
	await expect(lockFolder(path)).rejects.toThrow(
		new RegExp(
			`out is in use by process ${process.pid} of this machine since \\d{4}-.*; wait until it has ended, or give another`,
		),
	);
	expect(await readdir(path)).toEqual([LOCK_FILE]);
	await release();
	await (await lockFolder(path))();
});

test("of many at the same time one gets it", async () => {
	const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(path)));
	const won = tries.filter((each) => each.status === "fulfilled");
	expect(won).toHaveLength(1);
	await won[0]!.value();
});

test("a lock of a process that has ended is taken over", async () => {
	await leave({ ...held, pid: await deadProcess() });
	const release = await lockFolder(path);
	expect(JSON.parse(await readFile(file(), "utf8")).pid).toBe(process.pid);
	expect((await readdir(path)).sort()).toEqual(["kept", LOCK_FILE]);
	await release();
	expect(await readdir(path)).toEqual(["kept"]);
});

test.runIf(process.platform === "linux")("so is one whose number another process has got since", async () => {
	await leave({ ...held, pid: process.ppid, ticks: 1 });
	await (await lockFolder(path))();
	await leave({ ...held, pid: process.ppid });
	await expect(lockFolder(path)).rejects.toThrow(`in use by process ${process.ppid} of this machine since 2026-01-02`);
});

test("a lock of another machine stays: whether its process runs is not known here", async () => {
	await leave({ ...held, host: "elsewhere", pid: 1 });
	await expect(lockFolder(path)).rejects.toThrow(
		`in use by process 1 on the machine "elsewhere" since 2026-01-02T03:04:05.000Z; wait until it has ended, or give another ` +
			`folder with --out; if it has ended, remove ${file()}`,
	);
});

test("a lock cut short is one being written, and stale once it is old", async () => {
	await leave('{"pid":');
	await expect(lockFolder(path)).rejects.toThrow("is being taken by another process");
	await utimes(file(), 0, 0);
	await (await lockFolder(path))();
});
