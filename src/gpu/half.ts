// Node 20 and some browsers with WebGPU have no Float16Array.

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Converts numbers to the bits of 16-bit floats, rounding to nearest, ties to even; magnitudes from 65,520 become infinite. */
export function toHalf(values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
	return Uint16Array.from(values, halfOf);
}

/** Converts the bits of 16-bit floats to numbers. */
export function fromHalf(halves: Uint16Array): Float32Array<ArrayBuffer> {
	return Float32Array.from(halves, numberOf);
}

function halfOf(value: number): number {
	float[0] = value;
	const sign = (bits[0]! >>> 16) & 0x8000;
	const magnitude = bits[0]! & 0x7fffffff;
	if (magnitude > 0x7f800000) return sign | 0x7e00;
	if (magnitude >= 0x47800000) return sign | 0x7c00;
	if (magnitude < 0x38800000) {
		// Below 2⁻¹⁴ 16-bit floats are multiples of 2⁻²⁴, the spacing of 32-bit floats just above ½.
		float[0] = Math.abs(value) + 0.5;
		return sign | (bits[0]! - 0x3f000000);
	}
	return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}

function numberOf(half: number): number {
	const sign = half & 0x8000 ? -1 : 1;
	const exponent = (half >>> 10) & 31;
	const fraction = half & 1023;
	if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
	return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
