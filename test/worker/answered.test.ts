import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { answered, NoAnswerError, Patience } from "../../src/worker/answered.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("an answer in time is given, and so is a refusal", async () => {
	expect(await answered(Promise.resolve(3), "it", 100)).toBe(3);
	await expect(answered(Promise.reject(new Error("no")), "it", 100)).rejects.toThrow("no");
	expect(vi.getTimerCount()).toBe(0);
});

it("silence is an error, which tells of a late answer, whatever it is", async () => {
	let refuse = (_: Error) => {};
	const asked = new Promise((_, reject) => {
		refuse = reject;
	});
	const failure = answered(asked, "the shop", 1500).catch((error) => error);
	await vi.advanceTimersByTimeAsync(1500);
	const error = (await failure) as NoAnswerError;
	expect(error).toBeInstanceOf(NoAnswerError);
	expect(error.message).toBe("the shop did not answer within 1.5 s");
	refuse(new Error("closed"));
	await error.late;
});

it("patience is lost once, and comes back with the answer", async () => {
	const patience = new Patience("it", 100);
	let answer = (_: number) => {};
	const asked = new Promise<number>((resolve) => {
		answer = resolve;
	});
	const first = patience.wait(asked).catch((error) => error);
	await vi.advanceTimersByTimeAsync(100);
	expect(await first).toBeInstanceOf(NoAnswerError);
	await expect(patience.wait(Promise.reject(new Error("not heard")))).rejects.toBeInstanceOf(NoAnswerError);
	answer(1);
	await vi.advanceTimersByTimeAsync(0);
	expect(await patience.wait(Promise.resolve(2))).toBe(2);
});
