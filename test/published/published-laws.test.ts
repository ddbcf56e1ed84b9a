import { expect, test } from "vitest";
import { advise, PUBLISHED_LAWS } from "../../src/theory/published-laws.ts";
import { relativeError } from "../reference/expected.ts";
import { tableRows } from "./tables.ts";

test("Porian et al.'s published line of the last stage goes through its optima", () => {
	const law = PUBLISHED_LAWS.find(({ id }) => id === "porian")!;
	const optima = tableRows("porian_optima_rw.csv").filter((row) => row.experiment === "5_optimizer_tuning_no_decay");
	expect(optima).toHaveLength(12);
	for (const { flops, n_star_bootstrap_median } of optima)
		expect(relativeError(advise(law, Number(flops)).parameters, Number(n_star_bootstrap_median))).toBeLessThan(0.15);
	expect(optima.map(({ flops }) => Number(flops))).toContain(2.56e19);
});
