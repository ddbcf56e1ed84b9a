/** A WGSL file. */
export interface ShaderFile {
	/** "linear.wgsl", for error messages. */
	file: string;
	code: string;
}

/** Something is wrong with a shader or with what is bound to it; the message names the file and what is wrong. */
export class ShaderError extends Error {
	override name = "ShaderError";
}
