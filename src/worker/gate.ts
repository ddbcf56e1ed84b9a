/** A door that work passes through between its steps, and waits at while it is closed. */
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

	/** Resolves when the door is open. */
	pass(): Promise<void> {
		return this.opened;
	}
}
