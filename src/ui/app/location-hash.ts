/**
 * The preset that the address asks for, `#preset=reconcile`, or null. A link only chooses among `known`; it can
 * neither carry a study nor start one.
 */
export function presetOfHash(hash: string, known: readonly string[]): string | null {
	const match = /^#preset=([a-z0-9-]{1,40})$/.exec(hash);
	return match && known.includes(match[1]!) ? match[1]! : null;
}
