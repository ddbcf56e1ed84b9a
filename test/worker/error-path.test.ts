import * as Comlink from "comlink";
import { expect, test } from "vitest";
import { problemOf, StudyError } from "../../src/study/study-error.ts";
import { sendErrorPaths } from "../../src/worker/error-path.ts";

sendErrorPaths();

const api = {
	plan() {
		throw new StudyError(["corpora", 0], 'is "poems"; it must be one of speeches');
	},
	lose() {
		throw new Error("the GPU was lost");
	},
	cancel() {
		throw "cancelled";
	},
};

test("an error that a worker throws arrives with its path", async () => {
	const { port1, port2 } = new MessageChannel();
	Comlink.expose(api, port1 as Comlink.Endpoint);
	const remote = Comlink.wrap<typeof api>(port2 as Comlink.Endpoint);
	const rejection = (call: Promise<never>) => call.catch((error: unknown) => error);
	const error = await rejection(remote.plan());
	expect(error).toBeInstanceOf(Error);
	expect(problemOf(error)).toEqual({
		message: 'study: corpora[0] is "poems"; it must be one of speeches',
		path: ["corpora", 0],
	});
	expect(problemOf(await rejection(remote.lose()))).toEqual({ message: "the GPU was lost", path: [] });
	expect(problemOf(await rejection(remote.cancel()))).toEqual({ message: "cancelled", path: [] });
	port1.close();
});
