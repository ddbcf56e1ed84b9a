/** Bytes of a file that a decoder replaces by U+FFFD. */
export interface Replaced {
	/** How many. */
	bytes: number;
	/** Offset of the first; -1 where there is none. */
	first: number;
	/** Its line, counted from 1. */
	line: number;
}

const NEWLINE = 0x0a;

/** The bytes that are not UTF-8 (Unicode 16, table 3-7: maximal parts of ill-formed sequences). */
export function invalidUtf8(bytes: Uint8Array): Replaced {
	const found = new Finder();
	for (let i = 0; i < bytes.length; ) {
		const lead = bytes[i]!;
		if (lead < 0x80) {
			if (lead === NEWLINE) found.newline();
			i++;
			continue;
		}
		const length = sequenceLength(lead);
		let valid = 1;
		while (valid < length && continues(lead, valid, bytes[i + valid])) valid++;
		if (valid < length || length === 0) found.replaced(i, valid);
		i += valid;
	}
	return found.result;
}

/** Bytes of a sequence by its first; 0 for a byte that begins none. */
function sequenceLength(lead: number): number {
	if (lead >= 0xc2 && lead <= 0xdf) return 2;
	if (lead >= 0xe0 && lead <= 0xef) return 3;
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/** Second bytes are narrower after these first ones: no overlong forms, no surrogates, nothing above U+10FFFF. */
const SECOND: Record<number, [low: number, high: number]> = {
	224: [0xa0, 0xbf],
	237: [0x80, 0x9f],
	240: [0x90, 0xbf],
	244: [0x80, 0x8f],
};

function continues(lead: number, position: number, byte: number | undefined): boolean {
	const [low, high] = (position === 1 && SECOND[lead]) || [0x80, 0xbf];
	return byte !== undefined && byte >= low && byte <= high;
}

/** The bytes of surrogates without their other half, and an odd last byte. */
export function invalidUtf16(bytes: Uint8Array, littleEndian: boolean): Replaced {
	const found = new Finder();
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const unit = (at: number) => (at + 1 < bytes.length ? view.getUint16(at, littleEndian) : 0);
	const isHigh = (code: number) => code >= 0xd800 && code <= 0xdbff;
	const isLow = (code: number) => code >= 0xdc00 && code <= 0xdfff;
	for (let i = 0; i < bytes.length; i += 2) {
		const code = unit(i);
		if (i + 1 === bytes.length) found.replaced(i, 1);
		else if (code === NEWLINE) found.newline();
		else if (isHigh(code) && isLow(unit(i + 2))) i += 2;
		else if (isHigh(code) || isLow(code)) found.replaced(i, 2);
	}
	return found.result;
}

class Finder {
	readonly result: Replaced = { bytes: 0, first: -1, line: 1 };

	newline(): void {
		if (this.result.bytes === 0) this.result.line++;
	}

	replaced(at: number, bytes: number): void {
		if (this.result.bytes === 0) this.result.first = at;
		this.result.bytes += bytes;
	}
}
