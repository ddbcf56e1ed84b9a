import { beforeEach, expect, it, vi } from "vitest";
import { database } from "../../src/worker/database.ts";
import { loadSetAside, saveSetAside } from "../../src/worker/forecast-store.ts";
import type { SetAside } from "../../src/worker/protocol.ts";

vi.mock("../../src/worker/database.ts", () => ({ database: vi.fn() }));

const stored = new Map<string, SetAside>();
const works = {
	get: async (_: string, study: string) => stored.get(study),
	transaction: () => ({
		done: Promise.resolve(),
		store: {
			get: async (study: string) => stored.get(study),
			put: async (aside: SetAside) => void stored.set(aside.study, aside),
			delete: async (study: string) => void stored.delete(study),
		},
	}),
};
const use = (working: boolean) =>
	vi.mocked(database).mockImplementation(async () => {
		if (!working) throw new DOMException("", "SecurityError");
		return works as never;
	});
const aside = (study: string, isSealed = false) =>
	({ study, by: "largest size", forecast: isSealed ? { made: "" } : null }) as unknown as SetAside;

beforeEach(() => stored.clear());

it("what is set aside is kept in memory where the browser stores nothing, and stored once it does", async () => {
	use(false);
	expect(await loadSetAside("a")).toBeNull();
	await saveSetAside("a", aside("a"));
	expect(await loadSetAside("a")).toEqual(aside("a"));
	use(true);
	expect(await loadSetAside("a")).toEqual(aside("a"));
	expect(stored.get("a")).toEqual(aside("a"));
	await saveSetAside("a", null);
	expect(await loadSetAside("a")).toBeNull();
});

it("a sealed forecast is never replaced, wherever it is kept", async () => {
	for (const [working, study] of [
		[true, "b"],
		[false, "c"],
	] as const) {
		use(working);
		await saveSetAside(study, aside(study, true));
		await expect(saveSetAside(study, aside(study))).rejects.toThrow("A forecast of this study is sealed.");
		expect(await loadSetAside(study)).toEqual(aside(study, true));
	}
});
