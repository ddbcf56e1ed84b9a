// `npm run coverage [studies]`: measures how often nominal 90 % intervals of a hold the truth; prints the table of
// docs/coverage.md. 500 studies of each kind take some ten minutes.
import { runnerImport } from "vite";

const studies = Number(process.argv[2] ?? 500);
if (!(Number.isInteger(studies) && studies > 0)) {
	console.error(`coverage: the number of studies is "${process.argv[2]}"; it must be a whole number above 0`);
	process.exit(2);
}
const path = new URL("./coverage-study.ts", import.meta.url).pathname;
const { module } = await runnerImport(path, { configFile: false, logLevel: "warn" });
const { coverage, METHODS, STUDIES } = module;
console.info(`| ${studies} studies of each kind | ${METHODS.join(" | ")} |`);
console.info(`|---|${METHODS.map(() => "---").join("|")}|`);
for (const study of STUDIES) {
	const found = coverage(study, studies, 200, METHODS);
	const cells = METHODS.map((method) => {
		const { covered, medianWidth, determined } = found[method];
		const missing = determined < 1 ? `, none in ${(100 * (1 - determined)).toFixed(1)} %` : "";
		return `${(100 * covered).toFixed(1)} % (${medianWidth.toFixed(2)}${missing})`;
	});
	console.info(`| ${study.name} | ${cells.join(" | ")} |`);
}
