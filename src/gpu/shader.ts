/** A WGSL file. */
export interface ShaderFile {
	/** "linear.wgsl", for error messages. */
	file: string;
	code: string;
}

/** An error in a shader or its bindings; the message names the file and the problem. */
export class ShaderError extends Error {
	override name = "ShaderError";
}
