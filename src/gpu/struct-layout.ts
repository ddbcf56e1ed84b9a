import "./float16.ts";
import { makeShaderDataDefinitions, type StructDefinition } from "webgpu-utils";
import { ShaderError, type ShaderFile } from "./shader.ts";

type NumberType = "f32" | "u32" | "i32";

interface Member {
	name: string;
	/** Its offset, in units of 4 bytes. */
	at: number;
	type: NumberType;
}

/** The layout of a WGSL struct whose members are all numbers. */
export class StructLayout {
	/** Size of a struct in bytes, which is also the stride in an array. */
	readonly bytes: number;
	private readonly members = new Map<string, Member>();

	/**
	 * @param subject the struct's file, for messages: "optimizer.wgsl"
	 * @throws ShaderError when a member is not a number
	 */
	constructor(
		private readonly subject: string,
		private readonly struct: string,
		{ fields, size }: StructDefinition,
	) {
		this.bytes = size;
		for (const [name, { offset, type }] of Object.entries(fields)) {
			const number = (type as { type?: string }).type;
			if (number !== "f32" && number !== "u32" && number !== "i32")
				throw new ShaderError(
					`${subject}: ${struct}.${name} is ${number ?? "not a number"}; it must be f32, u32 or i32`,
				);
			this.members.set(name, { name, at: offset / 4, type: number });
		}
	}

	/** The members' names, in order. */
	get names(): string[] {
		return [...this.members.keys()];
	}

	/**
	 * A member's offset, in units of 4 bytes.
	 *
	 * @throws ShaderError when the struct has no such member
	 */
	placeOf(name: string): number {
		const member = this.members.get(name);
		if (!member) throw this.unknown(name);
		return member.at;
	}

	/**
	 * Fills struct number `index` of an array.
	 *
	 * @throws ShaderError when a value is missing, unknown or not finite
	 */
	write(into: StructArray, index: number, values: Readonly<Record<string, number>>): void {
		const first = (index * this.bytes) / 4;
		for (const { name, at, type } of this.members.values()) {
			const value = values[name];
			if (!Number.isFinite(value)) throw this.missing(values);
			into[type][first + at] = value!;
		}
		for (const name in values) if (!this.members.has(name)) throw this.unknown(name);
	}

	private missing(values: Readonly<Record<string, number>>): ShaderError {
		const names = this.names.filter((name) => !Number.isFinite(values[name]));
		return new ShaderError(`${this.subject}: ${names.map((name) => `${this.struct}.${name}`).join(", ")} not given`);
	}

	private unknown(name: string): ShaderError {
		return new ShaderError(`${this.subject}: ${this.struct} has no member ${name}`);
	}
}

/** An array of structs in host memory, allocated once and refilled for each upload. */
export class StructArray {
	readonly f32: Float32Array<ArrayBuffer>;
	readonly u32: Uint32Array<ArrayBuffer>;
	readonly i32: Int32Array<ArrayBuffer>;

	constructor(
		private readonly layout: StructLayout,
		count: number,
	) {
		this.f32 = new Float32Array((count * layout.bytes) / 4);
		this.u32 = new Uint32Array(this.f32.buffer);
		this.i32 = new Int32Array(this.f32.buffer);
	}

	/**
	 * Fills struct number `index`.
	 *
	 * @throws ShaderError when a value is missing, unknown or not finite
	 */
	set(index: number, values: Readonly<Record<string, number>>): void {
		this.layout.write(this, index, values);
	}
}

const layouts = new WeakMap<ShaderFile, Map<string, StructLayout>>();

/**
 * The layout of a struct of numbers in a WGSL file.
 *
 * @throws ShaderError when the file has no such struct, or a member is not a number
 */
export function structLayout(shader: ShaderFile, name: string): StructLayout {
	const known = layouts.get(shader) ?? new Map<string, StructLayout>();
	layouts.set(shader, known);
	const layout = known.get(name) ?? readLayout(shader, name);
	known.set(name, layout);
	return layout;
}

/**
 * The declaration of a struct of numbers in a WGSL file, for the header of another file that uses it too.
 *
 * @throws ShaderError when the file has no such struct
 */
export function structText({ file, code }: ShaderFile, name: string): string {
	const [text] = new RegExp(`struct ${name} \\{[^}]*\\}`).exec(code) ?? [];
	if (!text) throw new ShaderError(`${file}: has no struct ${name}`);
	return text;
}

function readLayout(shader: ShaderFile, name: string): StructLayout {
	// Parses the struct alone: parsing a whole file takes a hundred times as long.
	const definitions = makeShaderDataDefinitions(structText(shader, name));
	return new StructLayout(shader.file, name, definitions.structs[name]!);
}
