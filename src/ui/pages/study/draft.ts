/** A study document while it is edited: anything may be in it. */
export type Draft = Record<string, unknown>;
