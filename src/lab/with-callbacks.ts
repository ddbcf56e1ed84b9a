/**
 * Turns work that reports through a callback into a generator that yields the reports in order and returns the result.
 * If reports arrive faster than they are consumed, only the newest is kept.
 */
export async function* withCallbacks<Report, Result>(
	work: (emit: (report: Report) => void) => Promise<Result>,
): AsyncGenerator<Report, Result, void> {
	let newest: { report: Report } | null = null;
	let wake = () => {};
	const result = work((report) => {
		newest = { report };
		wake();
	});
	const ended = result.then(
		() => true,
		() => true,
	);
	for (;;) {
		const reported = new Promise<boolean>((resolve) => {
			wake = () => resolve(false);
		});
		const over = newest === null && (await Promise.race([reported, ended]));
		const waiting = newest as { report: Report } | null;
		if (waiting) {
			newest = null;
			yield waiting.report;
		} else if (over) return await result;
	}
}
