import { expect, test } from "vitest";
import { parseCondition } from "../../src/analysis/points/conditions.ts";
import { readPoints } from "../../src/analysis/points/points-file.ts";
import { tableText } from "./tables.ts";

test("the tables by their own names; experiments, conditions and the highest losses", () => {
	const epoch = readPoints(tableText("epoch_chinchilla_points.csv"), { dropHighest: 5 });
	expect(Object.values(epoch.columns).map(({ name }) => name)).toEqual(["N", "C", "loss"]);
	expect(epoch.experiments[0]!.rows).toHaveLength(240);
	expect(epoch.leftOut).toHaveLength(5);
	const porian = readPoints(tableText("porian_isoflop_rw.csv"));
	expect(porian.experiments).toHaveLength(10);
	expect(porian.experiments[0]).toMatchObject({ name: "1_reproduce_kaplan" });
	const muennighoff = readPoints(tableText("muennighoff_runs.csv"), { where: [parseCondition("in_fit_182=1")!] });
	expect(muennighoff.experiments[0]!.rows).toHaveLength(182);
	expect(muennighoff.experiments[0]!.rows[0]).toMatchObject({ run: "2b832b4b", uniqueTokens: 4e9 });
});
