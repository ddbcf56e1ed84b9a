const NAMES: Readonly<Record<string, string>> = { α: "alpha", β: "beta", γ: "gamma", δ: "delta" };

/** A document whose keys are the Latin names of Greek letters, which every language can write: `gamma` for γ. */
export function asciiKeys<Document>(value: Document): Document {
	if (Array.isArray(value)) return value.map(asciiKeys) as Document;
	if (typeof value !== "object" || value === null) return value;
	const entries = Object.entries(value).map(([key, entry]) => [key.replaceAll(/[α-ω]/g, asciiName), asciiKeys(entry)]);
	return Object.fromEntries(entries) as Document;
}

function asciiName(letter: string): string {
	const name = NAMES[letter];
	if (name === undefined) throw new Error(`asciiKeys: ${letter} has no Latin name; give it one`);
	return name;
}
