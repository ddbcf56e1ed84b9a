import type { RunResult } from "./run-result.ts";

/** "stopped after step 250 of 1000, 0.31 nats behind learning rate 0.003"; undefined for a run that was not stopped. */
export function stopText({ stopped, spec }: Pick<RunResult, "stopped" | "spec">): string | undefined {
	if (!stopped) return undefined;
	const why =
		stopped.behind === null
			? "since its learning rate diverged with another seed"
			: `${stopped.behind.toFixed(2)} nats behind learning rate ${stopped.bestRate}`;
	return `stopped after step ${stopped.step} of ${spec.steps}, ${why}`;
}
