const POINTER = "version https://git-lfs.github.com/spec/";

/**
 * Refuses a Git LFS pointer, the small text that stands for a large file until it is fetched.
 *
 * @throws Error, to follow the file's name, with the size of the file that it stands for
 */
export function refuseLfsPointer(bytes: Uint8Array): void {
	if (bytes.length > 1024) return;
	const text = new TextDecoder("latin1").decode(bytes);
	if (!text.startsWith(POINTER)) return;
	const size = /^size (\d+)$/m.exec(text)?.[1];
	const stands = size === undefined ? "" : ` to a file of ${Number(size).toLocaleString("en-US")} bytes`;
	throw new Error(
		`it is a Git LFS pointer${stands}, not the file itself; fetch it with git lfs pull in its repository`,
	);
}
