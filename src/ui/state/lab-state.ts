import type { Study } from "../../study/study.ts";
import { type DeviceState, initialDevice, reduceDevice } from "./device.ts";
import { type DocumentState, initialDocument, reduceDocument } from "./document.ts";
import { type ForecastState, initialForecast, reduceForecast } from "./forecast.ts";
import type { LabAction } from "./lab-action.ts";
import { initialMessages, type MessagesState, reduceMessages } from "./messages.ts";
import { initialResult, type ResultState, reduceResult } from "./result.ts";
import { initialStorage, reduceStorage, type StorageState } from "./storage.ts";
import type { Store } from "./store.ts";
import { initialWork, reduceWork, type WorkState } from "./work.ts";

/** All the page shows: the lab's six slices, and the shell's messages. Replaced, never changed in place. */
export interface LabState {
	readonly device: DeviceState;
	readonly document: DocumentState;
	readonly work: WorkState;
	readonly result: ResultState;
	readonly forecast: ForecastState;
	readonly storage: StorageState;
	readonly messages: MessagesState;
}

export type LabStore = Store<LabState, LabAction>;

/** The state before anything is known. */
export function initialLab(study: Study): LabState {
	return {
		device: initialDevice,
		document: initialDocument(study),
		work: initialWork,
		result: initialResult,
		forecast: initialForecast,
		storage: initialStorage,
		messages: initialMessages,
	};
}

/** What an action makes of a state. Slices that it does not concern stay the same objects. */
export function reduceLab(state: LabState, action: LabAction): LabState {
	const next: LabState = {
		device: reduceDevice(state.device, action),
		document: reduceDocument(state.document, action),
		work: reduceWork(state.work, action),
		result: reduceResult(state.result, action),
		forecast: reduceForecast(state.forecast, action),
		storage: reduceStorage(state.storage, action),
		messages: reduceMessages(state.messages, action),
	};
	const slices = Object.keys(next) as (keyof LabState)[];
	return slices.every((slice) => next[slice] === state[slice]) ? state : next;
}
