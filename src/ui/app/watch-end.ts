import type { LabStore } from "../state/lab-state.ts";
import { isTraining } from "../state/selectors.ts";

/** Calls back each time training has ended, with what there is to say of it: of the study, or of what a page trained for itself. */
export function watchEnd(store: LabStore, ended: (text: string) => void): void {
	let guest = store.state.device.guest?.page ?? null;
	/** What was last said while the study trained; null once its end has been told. */
	let said: string | null = null;
	store.subscribe(() => {
		const { device, messages } = store.state;
		const page = device.guest?.page ?? null;
		if (guest !== null && page === null) ended(`${guest}: training has ended.`);
		guest = page;
		if (isTraining(store.state)) said = messages.announcement;
		else if (said !== null && messages.announcement !== said) {
			said = null;
			ended(messages.announcement);
		}
	});
}
