import { cac } from "cac";
import { describe, expect, test, vi } from "vitest";
import { matchCommand } from "../../src/node/arguments.ts";
import { runCommandLine } from "../../src/node/command-line.ts";

/** What a command with every sort of option gets. */
function parsed(...argv: string[]) {
	const cli = cac("isoflop");
	cli
		.command("try <first> [...rest]", "")
		.option("--run <id>", "")
		.option("--top-k <number>", "")
		.option("--no-weights", "")
		.option("--json", "")
		.action((first, rest, options) => ({ first, rest, options }));
	cli.command("other", "").option("--run", "");
	cli.help();
	cli.version("1.0.0");
	matchCommand(cli, argv);
	return cli.runMatchedCommand();
}

describe("values stay as typed", () => {
	test.each([
		"041",
		"2e7",
		"007",
		"2024.10",
		"0x10",
		"1_000",
		" 1",
		"true",
		"false",
		"null",
		"-x",
		"-1",
		"--x",
		"a=b",
		"ｘ",
	])("%j", (text) => {
		expect(parsed("try", "a", "--run", text).options).toEqual({ run: text });
		expect(parsed("try", "a", `--run=${text}`).options).toEqual({ run: text });
		expect(parsed("try", "--", text, text)).toEqual({ first: text, rest: [text], options: {} });
	});

	test("options stand anywhere, after their command or before", () => {
		expect(parsed("--json", "try", "--top-k", "3", "a", "--no-weights", "b")).toEqual({
			first: "a",
			rest: ["b"],
			options: { json: true, topK: "3", weights: false },
		});
	});

	test("after -- nothing is an option", () => {
		expect(parsed("try", "--json", "--", "a", "--run", "--")).toEqual({
			first: "a",
			rest: ["--run", "--"],
			options: { json: true },
		});
	});
});

test.each([
	[["--run", ""], "option `--run <id>` has an empty value; leave the option out instead"],
	[["--run=", "x"], "option `--run <id>` has an empty value"],
	[["--run", " "], "option `--run <id>` has an empty value"],
	[["--run"], "option `--run <id>` value is missing"],
	[["--run", "--json"], "option `--run <id>` value is missing"],
	[["--run", "--top-k=3"], "option `--run <id>` value is missing"],
	[["--run", "--", "b"], "option `--run <id>` value is missing"],
	[["--json=false"], '--json is "false"; it takes no value'],
	[["--run", "1", "--run", "2"], "--run is given more than once; give it once"],
	[
		["--no-run"],
		"Unknown option `--no-run`; isoflop try --help lists the options, and what stands after -- is no option",
	],
	[["-x"], "Unknown option `-x`"],
])("%j is refused", (argv, message) => {
	expect(() => parsed("try", "a", ...argv)).toThrow(message);
});

/** The options of every command, from its help. */
async function options(): Promise<[command: string, option: string][]> {
	const help: string[] = [];
	const log = vi.spyOn(console, "info").mockImplementation((text) => help.push(text));
	const terminal = { json: () => {}, print: () => {}, say: () => {}, screen: null };
	try {
		await runCommandLine(["--help"], terminal);
		const names = [...help[0]!.matchAll(/\$ isoflop (\w+) --help/g)].map(([, name]) => name!);
		const found: [string, string][] = [];
		for (const name of names) {
			await runCommandLine([name, "--help"], terminal);
			for (const [, option] of help.at(-1)!.matchAll(/^ {2}(--[\w-]+) <.*$/gm)) found.push([name, option!]);
		}
		return found;
	} finally {
		log.mockRestore();
	}
}

test("an empty value is refused by every option of every command", async () => {
	const all = await options();
	expect(all.length).toBeGreaterThan(50);
	for (const [command, option] of all) {
		const said: string[] = [];
		const terminal = { json: () => {}, print: () => {}, say: (line: string) => said.push(line), screen: null };
		expect(await runCommandLine([command, "a", "b", option, ""], terminal)).toBe(2);
		expect(said[0]).toMatch(new RegExp(`^isoflop: option \`${option} <.*\` has an empty value`));
	}
});
