import { ContextConsumer } from "@lit/context";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { labContext } from "./lab-context.ts";
import type { LabEffects } from "./lab-effects.ts";
import type { LabState, LabStore } from "./lab-state.ts";

/**
 * What an element shows of the lab's state. The element renders again when a selected entry is a different value, and
 * not for other changes. Use it inside an element that provides `labContext`.
 */
export class Selected<Selection extends object> implements ReactiveController {
	private readonly host: ReactiveControllerHost;
	private readonly select: (state: LabState) => Selection;
	private readonly lab: ContextConsumer<typeof labContext, ReactiveControllerHost & HTMLElement>;
	private selection: Selection | null = null;
	private unsubscribe: (() => void) | null = null;

	constructor(host: ReactiveControllerHost & HTMLElement, select: (state: LabState) => Selection) {
		this.host = host;
		this.select = select;
		// Controllers are called in the order they are added: the lab is known when `hostConnected` runs here.
		this.lab = new ContextConsumer(host, { context: labContext });
		host.addController(this);
	}

	/** The selected entries, as of the last change. */
	get state(): Selection {
		this.selection ??= this.select(this.store.state);
		return this.selection;
	}

	/** What the element can ask of the lab. */
	get effects(): LabEffects {
		return this.provided.effects;
	}

	hostConnected(): void {
		this.unsubscribe = this.store.subscribe(() => this.update());
		this.update();
	}

	hostDisconnected(): void {
		this.unsubscribe?.();
	}

	private get provided() {
		if (!this.lab.value) throw new Error("Selected: the element is outside of the one that provides the lab");
		return this.lab.value;
	}

	private get store(): LabStore {
		return this.provided.store;
	}

	private update(): void {
		const next = this.select(this.store.state);
		if (this.selection && isSame(this.selection, next)) return;
		this.selection = next;
		this.host.requestUpdate();
	}
}

function isSame<Selection extends object>(one: Selection, other: Selection): boolean {
	return (Object.keys(one) as (keyof Selection)[]).every((key) => Object.is(one[key], other[key]));
}
