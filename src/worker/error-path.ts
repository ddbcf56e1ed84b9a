import { transferHandlers } from "comlink";

/**
 * Makes Comlink send the path of a `StudyError` to the page; by itself it sends only name, message and stack. Called in the
 * worker; the page copies all properties that arrive.
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
