// Which versions of Node isoflop runs on; nothing here is newer than the oldest Node that could read it.

/** For `engines` of package.json. Node 21 and 23 have ended, and the tests' runner has left them out. */
export const ENGINES = "^20.19.0 || ^22.12.0 || >=24.0.0";

/** The same in words. */
export const SUPPORTED = "Node 20.19, 22.12, 24 or newer";

/** Whether isoflop runs on a version, such as "22.12.0". */
export function isSupported(version) {
	const [major, minor] = version.split(".").map(Number);
	return major >= 24 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
}
