import { expect, test } from "vitest";
import { parameterCounts } from "../../src/architecture/size.ts";
import { planStudy } from "../../src/study/planner.ts";
import { sharesWithRoom } from "../../src/worker/kept-moments.ts";
import { corpora, studyWith } from "../study/fixtures.ts";

test("moments are kept where they take at most half of the storage that is left", async () => {
	const study = studyWith({ sizes: [{ width: 8, layers: 1, heads: 1 }], schedules: [{ kind: "cosine" }], ema: 0.9 });
	const { runs } = await planStudy(study, corpora);
	const shares = [0.2, 0.5, 0.9];
	// Two runs; weights, two moments of AdamW and an average, in 32 bits.
	const bytes = 2 * shares.length * 4 * 4 * parameterCounts(runs[0]!.spec.model).total;
	const kept = (quota: number, usage: number) => sharesWithRoom(runs, shares, { quota, usage });
	expect(kept(2 * bytes + 100, 100)).toEqual(shares);
	expect(kept(2 * bytes + 100, 101)).toEqual([]);
	// A browser that does not say how much there is.
	expect(sharesWithRoom(runs, shares, {})).toEqual(shares);
});
