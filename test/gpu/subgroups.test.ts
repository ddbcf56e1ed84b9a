import { expect, test, vi } from "vitest";
import { Memory, readTensor } from "../../src/gpu/memory.ts";
import { Program } from "../../src/gpu/program.ts";
import { subgroupSizes } from "../../src/gpu/subgroups.ts";
import { timeProgram } from "../../src/gpu/timing.ts";
import { testGpu } from "./open.ts";

const all = new Set(["subgroups", "subgroup-size-control"]);

test("an adapter's subgroups have a range of sizes; Apple's have 32 invocations, whatever is reported", () => {
	const intel = { vendor: "intel", subgroupMinSize: 8, subgroupMaxSize: 32 };
	expect(subgroupSizes(intel, all)).toEqual({ min: 8, max: 32, controlled: true });
	expect(subgroupSizes(intel, new Set(["subgroups"]))).toEqual({ min: 8, max: 32, controlled: false });
	const apple = { vendor: "apple", subgroupMinSize: 4, subgroupMaxSize: 64 };
	expect(subgroupSizes(apple, new Set(["subgroups"]))).toEqual({ min: 32, max: 32, controlled: false });
	for (const none of [subgroupSizes(apple, new Set()), subgroupSizes({ vendor: "intel" }, all)])
		expect(none).toEqual({ min: 0, max: 0, controlled: false });
});

const shader = {
	file: "sizes.wgsl",
	code: `enable subgroups;
struct Sizes { count: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(16)
fn other(@builtin(subgroup_size) size: u32) { y[0] = f32(size * sizes.count); }
// The size of the subgroup.
@compute
@workgroup_size(16)
fn own(@builtin(subgroup_size) size: u32) { y[0] = f32(size * sizes.count); }
`,
};

test("a kernel that needs larger subgroups than the adapter's smallest asks for them", async () => {
	const { device, subgroups } = await testGpu();
	const { max } = subgroups;
	/** The sizes that kernels have where the driver may choose from half of the adapter's real size on, and the code. */
	const run = async (subgroup: number | undefined) => {
		const proxy = new Proxy(device, {
			get: (target, name) => {
				if (name === "adapterInfo") return { vendor: "", subgroupMinSize: max / 2, subgroupMaxSize: max };
				const value: unknown = Reflect.get(target, name);
				return typeof value === "function" ? value.bind(target) : value;
			},
		});
		const modules = vi.spyOn(device, "createShaderModule");
		const memory = new Memory(device);
		try {
			const y = memory.tensor("y", [1, 1]);
			const kernel = { shader, entryPoint: "own", subgroup };
			const program = await Program.build(proxy, memory, [
				{ kernel, bindings: { y }, sizes: { count: 1 }, grid: [1, 1, 1] },
			]);
			await timeProgram(device, program, 1);
			return { size: (await readTensor(device, y))[0], code: modules.mock.lastCall![0].code };
		} finally {
			modules.mockRestore();
			memory.destroy();
		}
	};
	expect(subgroups.controlled).toBe(true);
	for (const subgroup of [undefined, max / 2]) expect((await run(subgroup)).code).not.toContain("subgroup_size(");
	const asked = await run(max);
	expect(asked.size).toBe(max);
	expect(asked.code).toMatch(new RegExp(`@compute @subgroup_size\\(${max}\\)\\s+@workgroup_size\\(16\\)\\s+fn own`));
	expect(asked.code.match(/subgroup_size\(/g)).toHaveLength(1);
});
