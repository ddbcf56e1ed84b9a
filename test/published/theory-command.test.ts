import { expect, test } from "vitest";
import type { ConfigurationSection } from "../../src/node/printing/theory-table.ts";
import { isoflop } from "../node/isoflop.ts";
import { expected } from "../reference/expected.ts";
import { tablePath, tableRows } from "./tables.ts";

interface Document {
	embedding: { omega: number };
	configurations: ConfigurationSection | null;
}

async function theory(...argv: string[]): Promise<Document> {
	const { code, json, said } = await isoflop("theory", ...argv, "--json");
	expect(said).toEqual([]);
	expect(code).toBe(0);
	return json[0] as Document;
}

test("ω and δ of configurations", async () => {
	const { configurations, embedding } = await theory(
		"--configs",
		tablePath("chinchilla_table_a9.csv"),
		"--vocabulary",
		"32000",
	);
	expect(configurations!.fits.map(({ method, fixedDelta }) => `${method} ${fixedDelta}`)).toEqual([
		"log-total false",
		"log-total true",
		"log-embedding false",
		"log-embedding true",
		"embedding false",
		"embedding true",
	]);
	expect(embedding.omega).toBeCloseTo(expected.omega_fit.result.omega, 0);
	expect(configurations!.fits[1]!.omega).toBeCloseTo(expected.omega_fit.fixed_third.omega, 0);
});

test("exact FLOPs of configurations with shapes, beside 6·N", async () => {
	const { flops } = (await theory("--configs", tablePath("chinchilla_table_a9.csv"), "--vocabulary", "32000"))
		.configurations!;
	const { d, F } = expected.flops_reference.rows[5];
	const index = tableRows("chinchilla_table_a9.csv").findIndex(
		(row) => Number(row.d_model) === d && Number(row.n_layers) === 40,
	);
	expect(flops![index]!.exact.attention * 2048).toBe(F);
	expect(flops![index]!.sixN.total).toBe(6 * flops![index]!.counts.total);
	const longer = await theory(
		"--configs",
		tablePath("chinchilla_table_a9.csv"),
		"--vocabulary",
		"32000",
		"--context",
		"4096",
	);
	expect(longer.configurations!.flops![0]!.exact.attention).toBeGreaterThan(flops![0]!.exact.attention);
});
