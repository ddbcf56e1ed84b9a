/** Holds one state, which only its reducer changes, and tells listeners when it is a different one. */
export class Store<State, Action> {
	private current: State;
	private readonly reduce: (state: State, action: Action) => State;
	private readonly listeners = new Set<() => void>();

	constructor(initial: State, reduce: (state: State, action: Action) => State) {
		this.current = initial;
		this.reduce = reduce;
	}

	get state(): State {
		return this.current;
	}

	dispatch(action: Action): void {
		const next = this.reduce(this.current, action);
		if (next === this.current) return;
		this.current = next;
		for (const listener of [...this.listeners]) listener();
	}

	/** Calls `listener` after every change until the returned function is called. */
	subscribe(listener: () => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}
}
