/** WGSL that declares integer constants, for a kernel's header. */
export function constantsHeader(constants: Readonly<Record<string, number>>): string {
	return Object.entries(constants)
		.map(([name, value]) => `const ${name} = ${value}u;`)
		.join("\n");
}
