import type { Moment, PlannedRun } from "../run/events.ts";
import type { KeptMoments } from "../run/store.ts";
import { momentBytes, momentsOf } from "../study/moments.ts";
import { CHECKPOINTS, checkpointFile } from "./checkpoint-store.ts";
import { listPrivateFiles, removePrivateFile, replacePrivateFile } from "./private-files.ts";

const MARK = /^([0-9a-f]{16})-(\d{1,9})\.kept$/;

const markOf = ({ parent, step }: Moment) => `${parent}-${step}.kept`;

/** Moments with a mark beside their checkpoint, in the same folder. One whose checkpoint is gone is not kept. */
export const keptMoments: KeptMoments = {
	async list() {
		const names = new Set(await listPrivateFiles(CHECKPOINTS));
		return [...names].flatMap((name) => {
			const [, parent, step] = MARK.exec(name) ?? [];
			return parent && names.has(checkpointFile(`${parent}-${step}`)) ? [{ parent, step: Number(step) }] : [];
		});
	},
	add: (moment) => replacePrivateFile(CHECKPOINTS, markOf(moment), new Uint8Array([1])),
	remove: (moment) => removePrivateFile(CHECKPOINTS, markOf(moment)),
};

/** The most of the browser's free storage that moments may take: results need some, too. */
const MOST = 0.5;

/** The shares of runs at which moments can be kept: none where they would take too much of the browser's storage. */
export function sharesWithRoom(
	runs: readonly PlannedRun[],
	shares: readonly number[],
	{ quota = Infinity, usage = 0 }: StorageEstimate,
): readonly number[] {
	const bytes = momentBytes(runs, momentsOf(runs, shares));
	return bytes <= MOST * (quota - usage) ? shares : [];
}
