/** "812 bytes", "1.5 MB", "60 GB". */
export function formatBytes(bytes: number): string {
	for (const [unit, name] of [
		[1e9, "GB"],
		[1e6, "MB"],
		[1e3, "KB"],
	] as const)
		if (bytes >= unit) return `${Number((bytes / unit).toPrecision(2))} ${name}`;
	return `${bytes} bytes`;
}
