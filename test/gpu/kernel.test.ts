import { describe, expect, test } from "vitest";
import { compileKernel, uniformBytes } from "../../src/gpu/kernel.ts";
import { ShaderError } from "../../src/gpu/shader.ts";
import { testGpu } from "./open.ts";

const code = `// Sums and scales.
struct Sizes { count: u32, x_run: u32, factor: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> unused: array<f32>;

@compute @workgroup_size(64)
fn scale(@builtin(global_invocation_id) id: vec3u) {
	if (id.x < sizes.count) { y[id.x] = sizes.factor * x[id.x]; }
}
`;

/** The error that compiling `code` ends with. */
async function compileError(file: string, code: string, header?: string): Promise<ShaderError> {
	const { device } = await testGpu();
	const error = await compileKernel(device, { shader: { file, code }, entryPoint: "scale", ...(header && { header }) })
		.then(() => undefined)
		.catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(ShaderError);
	return error as ShaderError;
}

test("a kernel knows what its entry point binds, and which of it is the struct of sizes", async () => {
	const { device } = await testGpu();
	const kernel = await compileKernel(device, { shader: { file: "scale.wgsl", code }, entryPoint: "scale" });
	const bindings = [...kernel.bindings].sort((a, b) => a.binding - b.binding);
	expect(bindings).toEqual([
		{ name: "sizes", binding: 0, uniform: true },
		{ name: "x", binding: 1, uniform: false },
		{ name: "y", binding: 3, uniform: false },
	]);
});

test("a kernel is compiled once per device, header and dynamic bindings", async () => {
	const { device } = await testGpu();
	const spec = { shader: { file: "scale.wgsl", code }, entryPoint: "scale" };
	const kernel = compileKernel(device, spec);
	expect(compileKernel(device, { ...spec })).toBe(kernel);
	expect(compileKernel(device, { ...spec, header: "const ONE = 1u;" })).not.toBe(kernel);
	expect(compileKernel(device, { ...spec, dynamic: ["x"] })).not.toBe(kernel);
	await expect(compileKernel(device, { ...spec, header: "const ONE = 1u;" })).resolves.toBeDefined();
	await expect(compileKernel(device, { ...spec, dynamic: ["x"] })).resolves.toBeDefined();
});

describe("code that does not compile", () => {
	const header = "const FIRST = 1u;\nconst SECOND = 2u;\nconst TILE = 4u;";

	test("a type error names file, entry point, line of the file and what is wrong", async () => {
		const broken = code.replace("sizes.factor * x[id.x]", "sizes.count * x[id.x]");
		const error = await compileError("type.wgsl", broken);
		expect(error.message).toMatch(/^type\.wgsl scale, line 10: .*u32.*f32/s);
		expect(error.message).toContain("sizes.count * x[id.x]");
	});

	test("the header does not count", async () => {
		const error = await compileError("header.wgsl", code.replace("factor *", "factr *"), header);
		expect(error.message).toMatch(/^header\.wgsl scale, line 10: .*factr/s);
	});

	test("nor do loops that were written out before it", async () => {
		const loop =
			"\tvar sum = 0.0;\n\tfor (var i = 0u; i < TILE; i++) {\n\t\tsum += 1.0;\n\t}\n\tlet wrong: u32 = sum;\n}";
		const error = await compileError("loop.wgsl", code.replace(/\}\n$/, loop), header);
		expect(error.message).toMatch(/^loop\.wgsl scale, line 15: .*u32/s);
		expect(error.message).toContain("let wrong: u32 = sum;");
	});

	test("so does a syntax error", async () => {
		const error = await compileError(
			"syntax.wgsl",
			code.replace("(id.x < sizes.count)", "(id.x < sizes.count"),
			header,
		);
		expect(error.message).toMatch(/^syntax\.wgsl scale, line 10: /);
	});

	test("so does a block that is never closed", async () => {
		const error = await compileError("open.wgsl", code.replace(/\}\n$/, ""), header);
		expect(error.message).toMatch(/^open\.wgsl scale, line \d+: /);
	});

	test("an entry point that is not there is named", async () => {
		const { device } = await testGpu();
		await expect(compileKernel(device, { shader: { file: "scale.wgsl", code }, entryPoint: "shrink" })).rejects.toThrow(
			new ShaderError("scale.wgsl: has no entry point shrink"),
		);
	});

	test("no error is left for whoever asks next", async () => {
		const { device } = await testGpu();
		await compileError("scopes.wgsl", code.replace("factor *", "factr *"));
		await expect(device.popErrorScope()).rejects.toThrow();
	});
});

describe("the struct of sizes", () => {
	const bytes = async (values: Record<string, number>) => {
		const { device } = await testGpu();
		const kernel = await compileKernel(device, { shader: { file: "scale.wgsl", code }, entryPoint: "scale" });
		return uniformBytes(kernel, "sizes", values);
	};

	test("is laid out as the shader declares it, whatever the order given", async () => {
		const view = new DataView((await bytes({ factor: 0.5, x_run: 7, count: 3 })).buffer);
		expect([view.getUint32(0, true), view.getUint32(4, true), view.getFloat32(8, true)]).toEqual([3, 7, 0.5]);
	});

	test("missing members are named", async () => {
		await expect(bytes({ x_run: 1 })).rejects.toThrow(
			new ShaderError("scale.wgsl scale: sizes.count, sizes.factor not given"),
		);
		await expect(bytes({ x_run: 1, count: Number.NaN, factor: 1 })).rejects.toThrow("sizes.count not given");
	});

	test("unknown members are named", async () => {
		await expect(bytes({ x_run: 1, count: 1, factor: 1, facter: 2 })).rejects.toThrow(
			new ShaderError("scale.wgsl scale: sizes has no member facter"),
		);
	});
});
