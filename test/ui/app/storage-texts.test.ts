import { describe, expect, it } from "vitest";
import { storageTexts } from "../../../src/ui/app/storage-texts.ts";
import type { StorageTrouble } from "../../../src/worker/storage-report.ts";

const full: StorageTrouble = {
	...{ problem: "full", reason: "QuotaExceededError" },
	...{ runs: 12, bytes: 340_000, usage: 9.2999e9, quota: 9.3e9 },
};

describe("what is said of storage", () => {
	it("that is full: how much is needed and used", () => {
		expect(storageTexts(full)).toEqual({
			title: "Storage is full",
			standing: "12 finished runs are in this tab's memory only, and will be gone when it is closed.",
			advice:
				"They need about 340 KB. The lab takes up about 9.3 GB of the 9.3 GB that this browser allows. " +
				"Training goes on. Delete stored runs, ask the browser for more, or save the runs as files.",
		});
	});

	it("that is full before the browser's limit is reached", () => {
		expect(storageTexts({ ...full, usage: 74_000 }).advice).toContain(
			"The lab takes up about 74 KB of the 9.3 GB that this browser allows, so the disk itself may be full. Training",
		);
	});

	it("that is full where the browser gives no numbers, and before a run is concerned", () => {
		const { standing, advice } = storageTexts({ ...full, runs: 0, bytes: 0, quota: null });
		expect(standing).toBe("What is trained now stays in this tab's memory and goes with it.");
		expect(advice).toMatch(/^Training goes on\./);
	});

	it("that is refused: the browser's reason", () => {
		const { title, standing, advice } = storageTexts({
			...full,
			problem: "refused",
			reason: "Access denied.",
			runs: 1,
		});
		expect(title).toBe("This browser stores nothing for this page");
		expect(standing).toMatch(/^1 finished run is in this tab's memory only/);
		expect(advice).toMatch(/^It said: Access denied\. Private windows/);
	});

	it("that is silent", () => {
		const { title, advice } = storageTexts({
			...full,
			problem: "silent",
			reason: "the browser's database did not answer",
		});
		expect(title).toBe("The browser's storage does not answer");
		expect(advice).not.toContain("the browser's database");
	});
});
