// `npm run coverage [studies]`: measures how often nominal 90 % intervals hold the truth; prints the tables of
// docs/coverage.md. 500 studies of each kind take about an hour.
import { runnerImport } from "vite";

const studies = Number(process.argv[2] ?? 500);
if (!(Number.isInteger(studies) && studies > 0)) {
	console.error(`coverage: the number of studies is "${process.argv[2]}"; it must be a whole number above 0`);
	process.exit(2);
}
const load = async (file) => {
	const path = new URL(file, import.meta.url).pathname;
	return (await runnerImport(path, { configFile: false, logLevel: "warn" })).module;
};
const share = (value) => `${(100 * value).toFixed(1)} %`;

const { rateCoverage, QUANTITIES, RATE_STUDIES } = await load("./rate-coverage.ts");
console.info(`| ${studies} studies of each kind | ${QUANTITIES.join(" | ")} |`);
console.info(`|---|${QUANTITIES.map(() => "---").join("|")}|`);
for (const study of RATE_STUDIES) {
	const found = rateCoverage(study, studies, 200);
	const row = (name, text) =>
		console.info(`| ${name} | ${QUANTITIES.map((quantity) => text(found[quantity])).join(" | ")} |`);
	row(`${study.name}: coverage`, ({ covered }) => share(covered));
	row("median width", ({ width }) => width.toFixed(3));
	row("mean error (standard deviation)", ({ bias, spread }) => `${bias.toFixed(3)} (${spread.toFixed(3)})`);
	row("studies with an interval", ({ determined }) => share(determined));
	row("intervals that hold their own estimate", ({ holdsEstimate }) => share(holdsEstimate));
}
console.info();

const { coverage, METHODS, STUDIES } = await load("./coverage-study.ts");
console.info(`| ${studies} studies of each kind | ${METHODS.join(" | ")} |`);
console.info(`|---|${METHODS.map(() => "---").join("|")}|`);
for (const study of STUDIES) {
	const found = coverage(study, studies, 200, METHODS);
	const cells = METHODS.map((method) => {
		const { covered, medianWidth, determined } = found[method];
		const missing = determined < 1 ? `, none in ${share(1 - determined)}` : "";
		return `${share(covered)} (${medianWidth.toFixed(2)}${missing})`;
	});
	console.info(`| ${study.name} | ${cells.join(" | ")} |`);
}
console.info();

const { ISO_FLOP_METHODS, ISO_FLOP_QUANTITIES, ISO_FLOP_STUDIES, isoFlopCoverage } =
	await load("./iso-flop-coverage.ts");
console.info(`| ${studies} studies of each kind | ${ISO_FLOP_QUANTITIES.join(" | ")} |`);
console.info(`|---|${ISO_FLOP_QUANTITIES.map(() => "---").join("|")}|`);
for (const study of ISO_FLOP_STUDIES) {
	const found = isoFlopCoverage(study, studies, 200);
	for (const method of ISO_FLOP_METHODS) {
		const cells = ISO_FLOP_QUANTITIES.map((quantity) => {
			const { covered, width, determined } = found[method][quantity];
			return determined === 0 ? "none" : `${share(covered)} (${width.toPrecision(2)})`;
		});
		console.info(`| ${study.name}: ${method} | ${cells.join(" | ")} |`);
	}
}
console.info();

const { DECAYS, REPETITION_STUDIES, repetitionCoverage } = await load("./data-constrained-coverage.ts");
console.info(`| ${studies} studies of each kind | ${DECAYS.join(" | ")} |`);
console.info(`|---|${DECAYS.map(() => "---").join("|")}|`);
for (const study of REPETITION_STUDIES) {
	const found = repetitionCoverage(study, studies);
	const cells = DECAYS.map((name) => {
		const { covered, width, determined } = found[name];
		const missing = determined < 1 ? `, open in ${share(1 - determined)}` : "";
		return `${share(covered)} (${width.toFixed(2)}${missing})`;
	});
	console.info(`| ${study.name} | ${cells.join(" | ")} |`);
}
console.info();

const { forecastCoverage, FORECAST_STUDIES } = await load("../study/forecast-study.ts");
const laws = ["method3", "rosenfeld", "kaplan"];
const fewer = Math.ceil(studies / 5);
console.info(`| ${fewer} studies of each kind | Method 3 | Rosenfeld | Kaplan |`);
console.info("|---|---|---|---|");
for (const name of Object.keys(FORECAST_STUDIES)) {
	const counts = await forecastCoverage(name, fewer);
	const cells = laws.map((law) => {
		const { hits, runs, bestHits, best, error, width } = counts.get(law);
		return `${share(hits / runs)}, ${share(bestHits / best)} (${(width / runs).toFixed(1)} %, ${(error / runs).toFixed(1)} %)`;
	});
	console.info(`| ${name} | ${cells.join(" | ")} |`);
}
