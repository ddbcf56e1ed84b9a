/**
 * What a link may give for a parameter: one of some values, a number within bounds, or a text that the page itself reads. Of a
 * text longer than `longest` one character more is kept, so that the page can refuse it.
 */
export type ParameterRule =
	| { readonly kind: "choice"; readonly values: readonly string[] }
	| { readonly kind: "number"; readonly min: number; readonly max: number }
	| { readonly kind: "text"; readonly longest: number };

/** What a link gives a page, within the rules of the page. */
export type RouteParameters = Readonly<Record<string, string | number>>;

/** A page of the lab, loaded when it is first shown. */
export interface Page {
	/** Its address is `#/path`. */
	path: string;
	title: string;
	/** Whether there is nothing to do on it without a GPU. */
	needsGpu: boolean;
	/** The parameters that a link to it may have. */
	parameters?: Readonly<Record<string, ParameterRule>>;
	/** Loads the module that defines the element `tag`. */
	load: () => Promise<unknown>;
	tag: string;
}

/** Where an address leads; `page` is null where there is no such page. */
export interface Route {
	page: Page | null;
	parameters: RouteParameters;
}

/** The longest address that is read of a page that takes no texts. */
const MAX_LENGTH = 1000;

/**
 * Reads `#/path?name=value&…`. Parameters that the page does not have, or whose value breaks the rule, are left out: a
 * link picks among what the page offers, and starts nothing. An empty address, and one without a path such as
 * `#preset=minute`, leads to the first page.
 */
export function parseRoute(hash: string, pages: readonly [Page, ...Page[]]): Route {
	const [, path = pages[0].path, query = ""] = /^#(?:\/([^?]*)\??)?(.*)$/s.exec(hash) ?? [];
	const page = pages.find((candidate) => candidate.path === path) ?? null;
	const takesText = Object.values(page?.parameters ?? {}).some(({ kind }) => kind === "text");
	if (hash.length > MAX_LENGTH && !takesText) return { page: null, parameters: {} };
	return { page, parameters: page ? readParameters(query, page.parameters ?? {}) : {} };
}

/** The address of a page. */
export function formatRoute(page: Page, parameters: RouteParameters = {}): string {
	const query = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
	return query.size > 0 ? `#/${page.path}?${query}` : `#/${page.path}`;
}

function readParameters(query: string, rules: Readonly<Record<string, ParameterRule>>): RouteParameters {
	const given = new URLSearchParams(query);
	const read = Object.entries(rules).map(([name, rule]) => [name, readValue(given.get(name), rule)] as const);
	return Object.fromEntries(read.filter((entry): entry is [string, string | number] => entry[1] !== null));
}

function readValue(text: string | null, rule: ParameterRule): string | number | null {
	if (text === null) return null;
	if (rule.kind === "choice") return rule.values.includes(text) ? text : null;
	if (rule.kind === "text") return text.slice(0, rule.longest + 1);
	const value = text.trim() === "" ? Number.NaN : Number(text);
	return value >= rule.min && value <= rule.max ? value : null;
}
