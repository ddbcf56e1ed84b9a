import { access, mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";

const REASONS: Record<string, string> = {
	ENOSPC: "no space is left on the disk",
	EDQUOT: "the disk quota is used up",
	EROFS: "the disk is read-only",
	EACCES: "permission denied",
	EPERM: "the system does not permit it",
	ENOTDIR: "a part of the path is a file",
	EISDIR: "it is a folder",
	ENOENT: "its folder does not exist",
	EEXIST: "there is a file of that name",
	ENAMETOOLONG: "the name is too long",
};

/** The error of the system in words: which path, what could not be done, why. Keeps its code. */
export function diskError(path: string, what: "written" | "created", error: unknown): Error {
	const { code, message } = error as NodeJS.ErrnoException;
	if (code === undefined) return error as Error;
	const reason = REASONS[code] ? `${code}: ${REASONS[code]}` : message;
	return Object.assign(new Error(`${path} cannot be ${what} (${reason})`, { cause: error }), { code });
}

/**
 * Creates a folder and those above it.
 *
 * @throws Error naming the first folder that cannot be created and why
 */
export async function makeFolder(
	path: string,
	make: (path: string) => Promise<unknown> = (each) => mkdir(each),
): Promise<void> {
	// Node's recursive mkdir reports ENOENT where the disk is read-only, so each is created by itself.
	const missing: string[] = [];
	for (let at = resolve(path); !(await exists(at)); at = dirname(at)) missing.unshift(at);
	for (const folder of missing) {
		try {
			await make(folder);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw diskError(folder, "created", error);
		}
	}
}

async function exists(path: string): Promise<boolean> {
	return access(path).then(
		() => true,
		() => false,
	);
}
