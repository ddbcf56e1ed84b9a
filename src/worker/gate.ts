/** Pauses work between its steps: `pass` waits while the gate is closed. */
export class Gate {
	private opened: Promise<void> = Promise.resolve();
	private release: (() => void) | null = null;

	close(): void {
		if (this.release) return;
		this.opened = new Promise((resolve) => {
			this.release = resolve;
		});
	}

	open(): void {
		this.release?.();
		this.release = null;
	}

	/** Resolves once the gate is open. */
	pass(): Promise<void> {
		return this.opened;
	}
}
