import { transferHandlers } from "comlink";

/**
 * Lets the path of a `StudyError` reach the page: of an error that a call throws, Comlink sends only name, message and
 * stack. For the worker's side alone; the page gives its error whatever properties were sent.
 */
export function sendErrorPaths(): void {
	const handler = transferHandlers.get("throw")!;
	transferHandlers.set("throw", {
		...handler,
		serialize(thrown) {
			const [sent, transferables] = handler.serialize(thrown) as [SentError, Transferable[]];
			const { path } = (thrown as { value?: { path?: unknown } }).value ?? {};
			if (sent.isError && path !== undefined) sent.value.path = path;
			return [sent, transferables];
		},
	});
}

interface SentError {
	isError: boolean;
	value: { path?: unknown };
}
