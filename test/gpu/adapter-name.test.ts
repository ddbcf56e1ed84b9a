import { expect, test } from "vitest";
import { adapterName, isSameAdapter } from "../../src/gpu/adapter-name.ts";

const info = { vendor: "nvidia", architecture: "hopper", device: "nvidia-h100", description: "NVIDIA: 550.54" };

test("two cards with one driver have two names, and so do two drivers of one card", () => {
	expect(adapterName(info)).toBe("nvidia hopper nvidia-h100 (NVIDIA: 550.54)");
	const names = [info, { ...info, device: "nvidia-a100" }, { ...info, description: "NVIDIA: 560.1" }].map(adapterName);
	expect(new Set(names).size).toBe(3);
});

test("an adapter that says little has a name of that, and one that says nothing is unnamed", () => {
	const none = { vendor: "", architecture: "", device: "", description: "" };
	expect(adapterName({ ...none, vendor: "apple", architecture: "metal-3" })).toBe("apple metal-3");
	expect(adapterName({ ...none, description: "Apple M1" })).toBe("Apple M1");
	expect(adapterName(none)).toBe("unnamed adapter");
});

test("a record by the description alone is of the adapter with that description", () => {
	const name = adapterName(info);
	expect(isSameAdapter(name, name)).toBe(true);
	expect(isSameAdapter(info.description, name)).toBe(true);
	for (const other of [
		"NVIDIA: 550.5",
		"550.54",
		"nvidia hopper nvidia-h100",
		"",
		adapterName({ ...info, device: "" }),
	])
		expect(isSameAdapter(other, name)).toBe(false);
	const llvmpipe = "llvmpipe (LLVM 15.0.6, 256 bits)";
	expect(isSameAdapter(llvmpipe, adapterName({ ...info, description: llvmpipe }))).toBe(true);
});
