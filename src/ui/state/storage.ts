import type { StorageReport } from "../../worker/protocol.ts";
import type { LabAction } from "./lab-action.ts";

/** How storing finished runs goes. */
export type StorageState = Readonly<StorageReport>;

export const initialStorage: StorageState = { trouble: null, restored: 0 };

export function reduceStorage(state: StorageState, action: LabAction): StorageState {
	return action.type === "storage-reported" ? action.report : state;
}
