import { normal } from "./random.ts";

/**
 * A draw from Student's t distribution with ν degrees of freedom, by its definition z / √(χ²_ν / ν). Above 100 it is the normal
 * one, from which it differs by less than 1 %.
 *
 * @param draw its number among the draws of `key`
 */
export function student(key: number, draw: number, freedom: number): number {
	if (freedom > 100) return normal(key, draw);
	const first = draw * (freedom + 1);
	let squares = 0;
	for (let i = 1; i <= freedom; i++) squares += normal(key, first + i) ** 2;
	return normal(key, first) / Math.sqrt(squares / freedom);
}

/**
 * The quantile of Student's t distribution with an integer number ν of degrees of freedom, by bisection of the probability
 * of |t| < x (Abramowitz & Stegun 26.7.3 and 26.7.4), with θ = arctan(x / √ν):
 *
 *     odd ν    (2/π) · (θ + sin θ · (cos θ + (2/3)·cos³θ + … + (2·4…(ν−3)) / (3·5…(ν−2)) · cos^(ν−2) θ))
 *     even ν   sin θ · (1 + (1/2)·cos²θ + … + (1·3…(ν−3)) / (2·4…(ν−2)) · cos^(ν−2) θ)
 *
 * @param share in (0, 1)
 */
export function studentQuantile(share: number, freedom: number): number {
	if (share < 0.5) return -studentQuantile(1 - share, freedom);
	let low = 0;
	let high = Math.PI / 2;
	for (let i = 0; i < 100; i++) {
		const middle = (low + high) / 2;
		if (shareWithin(middle, freedom) < 2 * share - 1) low = middle;
		else high = middle;
	}
	return Math.sqrt(freedom) * Math.tan((low + high) / 2);
}

function shareWithin(theta: number, freedom: number): number {
	const cos = Math.cos(theta);
	const odd = freedom % 2 === 1;
	let term = odd ? cos : 1;
	let sum = freedom === 1 ? 0 : term;
	for (let k = odd ? 2 : 1; k <= freedom - 3; k += 2) {
		term *= (k / (k + 1)) * cos * cos;
		sum += term;
	}
	return odd ? (2 / Math.PI) * (theta + Math.sin(theta) * sum) : Math.sin(theta) * sum;
}
