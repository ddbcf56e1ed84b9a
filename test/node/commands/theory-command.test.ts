import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConfigurationSection, StudySection } from "../../../src/node/printing/theory-table.ts";
import type { figures } from "../../../src/theory/figures.ts";
import type { TheoryReport } from "../../../src/theory/report.ts";
import { expected } from "../../reference/expected.ts";
import { isoflop, nulls } from "../isoflop.ts";

type Document = TheoryReport & {
	study: StudySection | null;
	configurations: ConfigurationSection | null;
	figures?: ReturnType<typeof figures>;
};

/** Models of one aspect ratio, with N = 12 · layers · width² without embeddings. */
const CONFIGS = [1, 2, 3, 5, 8].map((layers) => ({ layers, width: 64 * layers, heads: 2 * layers, keySize: 32 }));

/** The models as a CSV with Chinchilla's names of columns. */
async function writeConfigs(): Promise<string> {
	const rows = CONFIGS.map(({ layers, width, heads, keySize }) =>
		[(12 * layers * width ** 2 + 32000 * width) / 1e6, width, 4 * width, keySize, heads, layers].join(),
	);
	const file = join(folder, "configs.csv");
	await writeFile(file, `params_M,d_model,ffw_size,kv_size,n_heads,n_layers\n${rows.join("\n")}`);
	return file;
}

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "isoflop-theory-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function theory(...argv: string[]): Promise<Document> {
	const { code, json, said } = await isoflop("theory", ...argv, "--json");
	expect(said).toEqual([]);
	expect(code).toBe(0);
	return json[0] as Document;
}

describe("as JSON, in full precision", () => {
	test.each(["epoch", "chinchilla"])("%s", async (spec) => {
		const document = await theory("--spec", spec);
		expect(document.law.id).toBe(spec);
		expect(document.synthetic.nonEmbedding.nearest.allocation.slope).toBeCloseTo(
			expected.pearce_frontier[spec].nonemb_script.a,
			9,
		);
		expect(document.frontier.map(({ nonEmbedding }) => Math.round(Math.log10(nonEmbedding)))).toEqual([
			2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
		]);
		expect(nulls(document)).toEqual(["configurations", "study"]);
	});

	test("one's own constants and ω", async () => {
		const { law, embedding, limits, synthetic } = await theory(
			"--spec",
			"1.8172,482.01,2085.43,.3478,.3658",
			"--omega",
			"52960",
		);
		expect(law).toMatchObject({ id: "own", law: { E: 1.8172, A: 482.01, B: 2085.43, alpha: 0.3478, beta: 0.3658 } });
		expect(embedding).toEqual({ omega: 52960, delta: 1 / 3 });
		expect(limits.gSmall).toBeCloseTo(expected.pearce_g_k.epoch.limits.g_small, 9);
		expect(synthetic.nonEmbedding.nearest.allocation.slope).toBeCloseTo(0.785, 3);
	});

	test("δ as the fraction that its default is written as", async () => {
		const [given, usual] = await Promise.all([theory("--delta", "1/3"), theory()]);
		expect(given).toEqual(usual);
	});

	test("without embeddings nothing has an extreme", async () => {
		const document = await theory("--omega", "0");
		expect(nulls(document)).toEqual(["extremes.g", "extremes.k", "configurations", "study"]);
	});

	test("a fit's constants from its JSON", async () => {
		const file = join(folder, "fit.json");
		const parameters = { E: 1.7, A: 400, B: 410, α: 0.34, β: 0.28 };
		const fits = {
			fits: [{ parameters: Object.fromEntries(Object.entries(parameters).map(([k, v]) => [k, { estimate: v }])) }],
		};
		await writeFile(file, JSON.stringify(fits));
		const { law } = await theory("--spec", file);
		expect(law.law).toEqual({ E: 1.7, A: 400, B: 410, alpha: 0.34, beta: 0.28 });
		expect(law.source).toBe(`${file}: fits.0.parameters`);
	});

	test("ω and δ of configurations", async () => {
		const { configurations, embedding } = await theory("--configs", await writeConfigs(), "--vocabulary", "32000");
		expect(configurations!.fits.map(({ method, fixedDelta }) => `${method} ${fixedDelta}`)).toEqual([
			"log-total false",
			"log-total true",
			"log-embedding false",
			"log-embedding true",
			"embedding false",
			"embedding true",
		]);
		// Layers in proportion to the width: δ = 1/3, and ω by the vocabulary and the aspect ratio.
		for (const { omega, delta } of configurations!.fits) {
			expect(delta).toBeCloseTo(1 / 3, 4);
			expect(omega / 32000 / Math.cbrt(CONFIGS[0]!.width / CONFIGS[0]!.layers / 12)).toBeCloseTo(1, 3);
		}
		expect(embedding.omega).toBe(configurations!.fits[0]!.omega);
	});

	test("exact FLOPs of configurations with shapes, beside 6·N", async () => {
		const file = await writeConfigs();
		const { flops } = (await theory("--configs", file, "--vocabulary", "32000")).configurations!;
		for (const [i, { layers, width, heads, keySize }] of CONFIGS.entries()) {
			const inner = heads * keySize;
			const matrices = 2 * (4 * width * inner + 2 * width * 4 * width);
			expect(flops![i]!.exact.attention).toBe(3 * layers * (matrices + 4 * 2048 * inner + 3 * heads * 2048));
			expect(flops![i]!.sixN.total).toBe(6 * flops![i]!.counts.total);
		}
		const longer = await theory("--configs", file, "--vocabulary", "32000", "--context", "4096");
		expect(longer.configurations!.flops![0]!.exact.attention).toBeGreaterThan(flops![0]!.exact.attention);
	});

	test("a fit without embeddings is no law to start from", async () => {
		const file = join(folder, "nonembedding.json");
		const parameters = { E: 1.7, A: 400, B: 410, alpha: 0.34, beta: 0.28 };
		await writeFile(file, JSON.stringify({ conventions: { count: "nonembedding" }, parameters }));
		const { code, said } = await isoflop("theory", "--spec", file);
		expect(code).toBe(2);
		expect(said[0]).toContain("is fitted to nonembedding parameters; the theory starts from a law of all of them");
		const { json } = await isoflop("allocate", "--flops", "1e20", "--law", file, "--json");
		expect(json[0]).toMatchObject({ laws: [{ law: { counting: "nonembedding" } }] });
	});

	test("what a study should show", async () => {
		const { study } = await theory("--study", "reconcile");
		const [prediction] = study!.predictions;
		expect(study!.name).toBe("reconcile");
		expect(study!.caveat).toMatch(/extrapolation/);
		expect(prediction!.sizes.map(({ tokens }) => tokens)).toEqual([2_000_128, 2_600_192, 3_000_064, 1_700_096]);
		expect(prediction!.total.continuous).toBeCloseTo(0.5126, 4);
		expect(prediction!.nonEmbedding.continuous!).toBeGreaterThan(0.6);
		expect(prediction!.curve).toHaveLength(65);
	});

	test("the figures", async () => {
		const { figures: columns } = await theory("--figures");
		expect(Object.keys(columns!)).toEqual(["figure2", "figure3", "figure4", "figure5", "figure6", "figure7"]);
	});
});

test("the figures as files", async () => {
	const plots = join(folder, "new", "plots");
	const { code, printed } = await isoflop("theory", "--spec", "chinchilla", "--plot", plots);
	expect(code).toBe(0);
	expect(printed.length).toBeGreaterThan(10);
	expect((await readdir(plots)).sort()).toEqual([
		"figure-2.svg",
		"figure-3-exponent.svg",
		"figure-3-frontier.svg",
		"figure-4.svg",
		"figure-5.svg",
		"figure-6.svg",
		"figure-7-allocation.svg",
		"figure-7-curves.svg",
	]);
	const slope = expected.pearce_frontier.chinchilla.nonemb_script.a.toFixed(3);
	expect(await readFile(join(plots, "figure-5.svg"), "utf8")).toContain(`slope ${slope}`);
});

test("as a table", async () => {
	const { code, printed, json } = await isoflop("theory", "--study", "minute");
	const text = printed.join("\n");
	expect([code, json]).toEqual([0, []]);
	expect(text).toMatch(/^N_\\E, C_\\E, the authors' reading +0\.7805 +-0\.0690 +-0\.1329/m);
	expect(text).toMatch(/^g is largest, 0\.9807, at N_\\E = 1\.93M$/m);
	expect(text).toMatch(/^non-embedding \(N_\\E, C_\\E\) +0\.\d{3}/m);
	expect(text).not.toMatch(/NaN|undefined|Infinity/);
});

describe("what cannot be: one line, exit code 2, nothing on stdout", () => {
	test.each([
		[
			["--spec", "kaplan"],
			'--spec: "kaplan" is not a law; it must be epoch, chinchilla or five numbers E,A,B,alpha,beta',
		],
		[["--spec", "1,2,3,.4,x"], "--spec: beta is NaN; it must be a number from 0.001 to 5"],
		[["--spec", "none.json"], "--spec: none.json cannot be read (ENOENT)"],
		[["--spec", "package.json"], "--spec: package.json holds no E, A, B, alpha and beta"],
		[["--spec", "0,1e15,1e15,.02,.02"], "theory: no number of parameters"],
		[["--omega", "many"], '--omega is "many"; it must be a number from 0 to 1000000000000'],
		[["--delta", "1/1"], '--delta is "1/1"; it must be a number from 0 to 0.99'],
		[["--delta", "1/3/2"], '--delta is "1/3/2"; it must be a number from 0 to 0.99'],
		[["--delta", "1/"], '--delta is "1/"; it must be a number from 0 to 0.99'],
		[["--delta", "/3"], '--delta is "/3"; it must be a number from 0 to 0.99'],
		[["--delta", "0/0"], '--delta is "0/0"; it must be a number from 0 to 0.99'],
		[["--delta", "1"], '--delta is "1"; it must be a number from 0 to 0.99'],
		[["--study", "nothing"], 'study: "nothing" is neither a preset'],
		[["--configs", "none.csv"], "--configs: none.csv cannot be read (ENOENT)"],
		[["--configs", "package.json"], "has neither a column params nor params_M"],
		[
			["--configs", "CONFIGS"],
			"has no column params_nonembedding; add it, or a column width or d_model and --vocabulary",
		],
		[["--configs", "CONFIGS", "--vocabulary", "1e9"], "the second must be above 0 and below the first"],
		[["--figures"], "--figures gives columns of numbers; it needs --json"],
		[["--spec", "epoch", "--spec", "chinchilla"], "--spec is given more than once"],
	])("%j", async (argv, message) => {
		const file = await writeConfigs();
		const { code, said, printed, json } = await isoflop(
			"theory",
			...argv.map((text) => (text === "CONFIGS" ? file : text)),
		);
		expect(said).toEqual([expect.stringContaining(message)]);
		expect(said[0]).not.toContain("\n");
		expect([code, printed, json]).toEqual([2, [], []]);
	});
});
