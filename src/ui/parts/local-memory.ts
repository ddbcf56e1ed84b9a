type Memory = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** What the browser did not keep: it goes with the tab. */
const kept = new Map<string, string | null>();

/**
 * The browser's local storage, for small choices. Where the browser refuses it, or it is full, they last as long as the tab: nothing
 * here throws.
 */
export const localMemory: Memory = {
	getItem(key) {
		const own = kept.get(key);
		return own === undefined ? (attempt((storage) => storage.getItem(key)) ?? null) : own;
	},
	setItem(key, value) {
		const isStored = attempt((storage) => {
			storage.setItem(key, value);
			return true;
		});
		if (isStored) kept.delete(key);
		else kept.set(key, value);
	},
	removeItem(key) {
		const isRemoved = attempt((storage) => {
			storage.removeItem(key);
			return true;
		});
		if (isRemoved) kept.delete(key);
		else kept.set(key, null);
	},
};

function attempt<Result>(work: (storage: Storage) => Result): Result | undefined {
	try {
		// Even naming it throws where a site's data is blocked.
		return work(localStorage);
	} catch {
		return undefined;
	}
}
