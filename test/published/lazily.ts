/** A value that is made when it is first asked for: files of tests must load where the tables are missing. */
export function lazily<T>(make: () => T): () => T {
	let made: { value: T } | null = null;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}
