import { experiments } from "../../experiments/experiments.ts";
import { LAPTOP_GPU, secondsFor } from "../../study/cost.ts";
import { duration, plural, short, table } from "../printing/format.ts";
import type { Terminal } from "../printing/terminal.ts";
import { planFor } from "./plan-command.ts";

/** `isoflop presets`: the experiments with their questions, and the studies that ask them. */
export async function presetsCommand(terminal: Terminal, { json }: { json?: boolean }): Promise<number> {
	const listed = [];
	for (const { presets, ...about } of experiments) {
		const studies = [];
		for (const { id, title, description, study } of presets) {
			const { totals } = await planFor(study);
			const laptopSeconds = secondsFor(totals.cost, LAPTOP_GPU);
			studies.push({ id, title, description, runs: totals.runs, flops: totals.flops.total, laptopSeconds });
		}
		listed.push({ ...about, presets: studies });
	}
	if (json) terminal.json(listed);
	else
		for (const { title, question, source, found, presets } of listed) {
			terminal.print(`${title}: ${question}`);
			terminal.print(`  ${source}. ${found}`);
			const rows = presets.map(({ id, runs, flops, laptopSeconds }) => [
				...[`  ${id}`, plural(runs, "run"), `${short(flops)} FLOP`, `about ${duration(laptopSeconds)} on a laptop GPU`],
			]);
			for (const line of table(rows)) terminal.print(line);
			terminal.print("");
		}
	return 0;
}
