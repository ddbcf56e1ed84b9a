import { expect, test } from "vitest";
import { randomKey } from "../../src/maths/random.ts";
import { student, studentQuantile } from "../../src/maths/student.ts";

test.each([1, 5, 12, 500])("draws of Student's t with %i degrees of freedom have its quantiles", (freedom) => {
	const draws = Array.from({ length: 20_000 }, (_, i) => student(randomKey(1, "t", freedom), i, freedom));
	for (const share of [0.05, 0.5, 0.95]) {
		const quantile = studentQuantile(share, freedom);
		const below = draws.filter((draw) => draw < quantile).length / draws.length;
		// Three standard errors.
		expect(Math.abs(below - share)).toBeLessThan(3 * Math.sqrt((share * (1 - share)) / draws.length));
	}
});
