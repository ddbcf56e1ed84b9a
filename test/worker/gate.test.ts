import { describe, expect, it } from "vitest";
import { Gate } from "../../src/worker/gate.ts";

describe("Gate", () => {
	it("lets through while open, holds back while closed, and lets go when opened", async () => {
		const gate = new Gate();
		await gate.pass();
		gate.close();
		gate.close();
		let passed = false;
		const waiting = gate.pass().then(() => {
			passed = true;
		});
		await Promise.resolve();
		expect(passed).toBe(false);
		gate.open();
		await waiting;
		expect(passed).toBe(true);
		gate.open();
		await gate.pass();
	});
});
