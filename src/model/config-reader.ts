const FILE = "config.json";

/** The largest size that this engine accepts. */
const MAX_SIZE = 65_536;

/** Reads and checks keys of config.json, and knows which were read. */
export class ConfigReader {
	private readonly known = new Set<string>();

	/** @param prefix path of `json` within the file, such as "rope_parameters." */
	constructor(
		private readonly json: Record<string, unknown>,
		private readonly prefix = "",
	) {}

	value(key: string): unknown {
		this.known.add(key);
		return Object.hasOwn(this.json, key) ? this.json[key] : undefined;
	}

	whole(key: string, { absent, multipleOf = 1 }: { absent?: number; multipleOf?: number } = {}): number {
		const value = this.value(key) ?? absent;
		const rule = `a whole number from 1 to ${MAX_SIZE}${multipleOf > 1 ? `, a multiple of ${multipleOf}` : ""}`;
		if (typeof value !== "number" || !(value >= 1 && value <= MAX_SIZE) || value % multipleOf !== 0)
			throw new Error(`${FILE}: ${this.prefix}${key} is ${show(value)}; it must be ${rule}`);
		return value;
	}

	/** The value of `key`, which must be one of `options`; a missing key counts as `absent`. */
	must(key: string, options: readonly unknown[], absent?: unknown): unknown {
		const value = this.value(key) === undefined ? absent : this.value(key);
		if (!options.includes(value))
			throw new Error(
				`${FILE}: ${this.prefix}${key} is ${show(value)}; it must be ${options.map(show).join(" or ")}, which is what this engine computes`,
			);
		return value;
	}

	/** The object under `key`; null where there is none. */
	inner(key: string): ConfigReader | null {
		const value = this.value(key) ?? null;
		if (value === null) return null;
		if (typeof value !== "object" || Array.isArray(value))
			throw new Error(`${FILE}: ${this.prefix}${key} is ${show(value)}; it must be an object`);
		return new ConfigReader(value as Record<string, unknown>, `${this.prefix}${key}.`);
	}

	/** `key` must be missing, or hold nothing. */
	mustBeEmpty(key: string): void {
		const value = this.value(key) ?? {};
		if (typeof value !== "object" || Object.keys(value).length > 0)
			throw new Error(`${FILE}: ${this.prefix}${key} is ${show(value)}; it must be empty`);
	}

	/** `key` must be missing, or a list of `count` times `item`. */
	mustBeAll(key: string, item: string, count: number): void {
		const value = this.value(key) ?? null;
		if (value === null) return;
		if (!Array.isArray(value) || value.length !== count || value.some((each) => each !== item))
			throw new Error(
				`${FILE}: ${this.prefix}${key} is ${show(value)}; it must be ${show(item)} for each of the ${count} layers, ` +
					"which is what this engine computes",
			);
	}

	/** Counts `keys` as read, whatever they hold. */
	skip(...keys: string[]): void {
		for (const key of keys) this.known.add(key);
	}

	/** Throws an Error naming a key that was not read and is not `harmless`: it could change what the model computes. */
	refuseRest(harmless: readonly string[]): void {
		const found = Object.keys(this.json).find((key) => !this.known.has(key) && !harmless.includes(key));
		if (found !== undefined)
			throw new Error(
				`${FILE}: ${this.prefix}${found} is ${show(this.json[found])}; this engine does not know that key, which may ` +
					"change what the model computes; it must not be there",
			);
	}
}

/** A value of the file as JSON, short enough for a message. */
export function show(value: unknown): string {
	const text = value === undefined ? "missing" : (JSON.stringify(value) ?? String(value));
	return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
