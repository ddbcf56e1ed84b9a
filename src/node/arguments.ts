import { parseArgs } from "node:util";
import type { CAC, Command } from "cac";
import { UsageError } from "./printing/terminal.ts";

type Option = Command["options"][number];

interface Parsed {
	positionals: string[];
	/** By the camel-case name of the option. */
	options: Record<string, string | boolean>;
}

/**
 * Finds the command among `argv` and its arguments, for `cli.runMatchedCommand()`. Unlike the library's own parser this one
 * leaves every value as typed; a value may begin with "-", and what stands after "--" is no option.
 *
 * @throws UsageError for an option that is unknown, repeated, or has no value, an empty one, or one too many
 */
export function matchCommand(cli: CAC, argv: readonly string[]): void {
	for (const command of cli.commands) {
		const { tokens } = tokenize(argv, optionsOf(cli, command));
		const first = tokens.find((token) => token.kind === "positional");
		if (first?.value !== command.name) continue;
		const { positionals, options } = parse(cli, argv, command);
		cli.matchedCommand = command;
		Object.assign(cli, { args: positionals.slice(1), options });
		return;
	}
	const { positionals, options } = parse(cli, argv);
	Object.assign(cli, { args: positionals, options });
}

function optionsOf(cli: CAC, command?: Command): Option[] {
	return [...cli.globalCommand.options, ...(command?.options ?? [])];
}

function tokenize(argv: readonly string[], options: readonly Option[]) {
	const entries = options.map((option) => {
		const short = /^-(\w)\b/.exec(option.rawName)?.[1];
		return [longName(option), { type: takesValue(option) ? "string" : "boolean", ...(short && { short }) }] as const;
	});
	const config = { options: Object.fromEntries(entries), strict: false, allowPositionals: true, tokens: true } as const;
	return parseArgs({ args: [...argv], ...config });
}

function parse(cli: CAC, argv: readonly string[], command?: Command): Parsed {
	const known = new Map(optionsOf(cli, command).map((option) => [longName(option), option]));
	const parsed: Parsed = { positionals: [], options: {} };
	for (const token of tokenize(argv, [...known.values()]).tokens) {
		if (token.kind === "positional") parsed.positionals.push(token.value);
		if (token.kind !== "option") continue;
		const option = known.get(token.name);
		if (!option)
			throw new UsageError(
				`Unknown option \`${token.rawName}\`; ${["isoflop", command?.name, "--help"].filter(Boolean).join(" ")} lists the options, ` +
					"and what stands after -- is no option",
			);
		if (Object.hasOwn(parsed.options, option.name))
			throw new UsageError(`--${token.name} is given more than once; give it once`);
		parsed.options[option.name] = takesValue(option) ? textOf(option, token, known) : flagOf(option, token);
	}
	return parsed;
}

function textOf(
	{ rawName }: Option,
	{ value, inlineValue }: { value?: string; inlineValue?: boolean },
	known: ReadonlyMap<string, Option>,
): string {
	const isOption = !inlineValue && (value === "--" || known.has(/^--([^=]+)/.exec(value ?? "")?.[1] ?? ""));
	if (value === undefined || isOption) throw new UsageError(`option \`${rawName}\` value is missing`);
	if (value.trim() === "")
		throw new UsageError(`option \`${rawName}\` has an empty value; leave the option out instead`);
	return value;
}

function flagOf({ negated }: Option, { name, value }: { name: string; value?: string }): boolean {
	if (value !== undefined) throw new UsageError(`--${name} is "${value}"; it takes no value`);
	return !negated;
}

/** "no-weights" of "--no-weights", "out" of "--out <folder>", "help" of "-h, --help". */
function longName({ rawName }: Option): string {
	return /--([\w-]+)/.exec(rawName)![1]!;
}

function takesValue(option: Option): boolean {
	return option.required === true;
}
