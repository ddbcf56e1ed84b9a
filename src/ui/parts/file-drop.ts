import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Takes files that are dropped anywhere on the window while its host is shown. */
export class FileDrop implements ReactiveController {
	private readonly take: (files: File[]) => void;

	constructor(host: ReactiveControllerHost, take: (files: File[]) => void) {
		this.take = take;
		host.addController(this);
	}

	hostConnected(): void {
		addEventListener("dragover", this.allow);
		addEventListener("drop", this.drop);
	}

	hostDisconnected(): void {
		removeEventListener("dragover", this.allow);
		removeEventListener("drop", this.drop);
	}

	private readonly allow = (event: DragEvent) => {
		if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
	};

	private readonly drop = (event: DragEvent) => {
		const files = [...(event.dataTransfer?.files ?? [])];
		if (files.length === 0) return;
		event.preventDefault();
		this.take(files);
	};
}
