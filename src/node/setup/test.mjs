// `npm test`: installs what is missing, then checks types, format, lint and unused code, and runs all tests.
import "./check-node.mjs";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildCorpora } from "./corpora.mjs";
import { ensureSystem } from "./debian.mjs";
import { ensurePackages } from "./packages.mjs";
import { packageBin, root, runNode, say } from "./run.mjs";

const total = { passed: 0, failed: 0, skipped: 0 };

function check(name, status) {
	total[status === 0 ? "passed" : "failed"]++;
	if (status !== 0) say(`${name}: FAILED`);
}

/**
 * Runs one Vitest project. Skipped tests count as failed, and so do files that do not load and a project without tests.
 *
 * @param needsTables a project that may be skipped as a whole, where the tables it needs are missing
 */
function runTests(project, folder, { needsTables = false } = {}) {
	say(`${project} tests …`);
	const report = join(folder, `${project}.json`);
	const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
	const status = runNode(packageBin("vitest", "vitest"), ["run", "--project", project, ...reporters]);
	const { passed, failed, skipped } = countTests(report);
	if (needsTables && status === 0 && passed + failed === 0 && skipped > 0) {
		total.skipped += skipped;
		return;
	}
	if (skipped) say(`${project} tests: ${skipped} skipped, which counts as failed`);
	total.passed += passed;
	total.failed += failed + skipped;
	const unexplained = status !== 0 && failed === 0;
	if (unexplained || passed + failed === 0) check(`${project} tests`, 1);
}

function countTests(report) {
	try {
		const { numPassedTests, numFailedTests, numTotalTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
		const broken = testResults.filter(
			({ status, assertionResults }) => status === "failed" && !assertionResults.length,
		);
		const skipped = numTotalTests - numPassedTests - numFailedTests;
		return { passed: numPassedTests, failed: numFailedTests + broken.length, skipped };
	} catch {
		return { passed: 0, failed: 0, skipped: 0 };
	}
}

ensurePackages();
ensureSystem();
await buildCorpora(root);
say("type check …");
check("types", runNode(packageBin("typescript", "tsc"), ["--noEmit"]));
say("format and lint check …");
const colors = process.stdout.isTTY ? [] : ["--colors=off"];
check("format and lint", runNode(packageBin("@biomejs/biome", "biome"), ["ci", "--error-on-warnings", ...colors]));
say("unused code check …");
check("unused code", runNode(packageBin("knip", "knip"), []));
check("unused code outside the tests", runNode(packageBin("knip", "knip"), ["--production"]));
const folder = mkdtempSync(join(tmpdir(), "isoflop-test-"));
runTests("unit", folder);
runTests("published", folder, { needsTables: true });
runTests("gpu", folder);
runTests("page", folder);
rmSync(folder, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
