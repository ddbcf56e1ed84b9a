import { cac } from "cac";
import { version } from "../../package.json";
import { METHOD_IDS } from "../analysis/methods/registry.ts";
import { presets } from "../study/presets.ts";
import { StudyError } from "../study/study-error.ts";
import { adaptersCommand } from "./commands/adapters-command.ts";
import { allocateCommand } from "./commands/allocate-command.ts";
import { benchCommand, DEFAULT_STEPS } from "./commands/bench-command.ts";
import { exportCommand } from "./commands/export-command.ts";
import { fitCommand } from "./commands/fit-command.ts";
import { importCommand } from "./commands/import-command.ts";
import { planCommand } from "./commands/plan-command.ts";
import { runCommand } from "./commands/run-command.ts";
import { sampleCommand } from "./commands/sample-command.ts";
import { theoryCommand } from "./commands/theory-command.ts";
import { tuneCommand } from "./commands/tune-command.ts";
import { GRADIENT_TOLERANCE, LOSS_TOLERANCE, verifyCommand } from "./commands/verify-command.ts";
import { EXIT_FAILURE, EXIT_USAGE, type Terminal, UsageError } from "./printing/terminal.ts";

/**
 * Runs one command.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code: 0, 1 for a failure, 2 for a study or arguments that cannot be, 130 when interrupted
 */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<number> {
	try {
		const cli = commands(terminal);
		cli.parse(["node", "isoflop", ...argv], { run: false });
		const { help, version: wantsVersion } = cli.options;
		if (help || wantsVersion) return 0;
		if (!cli.matchedCommand) {
			if (cli.args.length > 0) throw new UsageError(`there is no command "${cli.args[0]}"; isoflop --help lists them`);
			cli.outputHelp();
			return EXIT_USAGE;
		}
		for (const [name, value] of Object.entries(cli.options))
			if (Array.isArray(value) && name !== "--") throw new UsageError(`--${name} is given more than once`);
		return await cli.runMatchedCommand();
	} catch (error) {
		terminal.say(`isoflop: ${(error as Error).message.replaceAll(/\s*\n\s*/g, " ")}`);
		return isUsageError(error) ? EXIT_USAGE : EXIT_FAILURE;
	}
}

function isUsageError(error: unknown): boolean {
	return error instanceof UsageError || error instanceof StudyError || (error as Error).name === "CACError";
}

function commands(terminal: Terminal) {
	const cli = cac("isoflop");
	const names = presets.map(({ id }) => id).join(", ");
	const json = ["--json", "Print JSON on stdout"] as const;
	const adapter = ["--adapter <text>", "Use the adapter whose name contains this text"] as const;
	const corpus = ["--corpus <id>", "Read this corpus instead: sotu, moby-dick or file:<path>"] as const;
	cli
		.command("run <study>", `Train a study, a JSON file or a preset (${names}), or what is missing of it`)
		.option("--out <folder>", "Where study.json, runs.jsonl, fits.json and weights go (default: runs/<name>)")
		.option("--checkpoint-every <seconds>", "Keep where the runs in training stand this often (default: 10)")
		.option("--memory <GiB>", "GPU memory that the runs in training may take together (default: 4)")
		.option("--no-weights", "Do not keep the weights of finished runs")
		.option("--trace <steps>", "First write the first steps of a run to traces/<id>.safetensors, for isoflop verify")
		.option("--trace-run <id>", "The run to trace, by the beginning of its id (default: the first of the plan)")
		.option(...corpus)
		.option(...adapter)
		.option(...json)
		.action((study: string, options) => runCommand(terminal, study, texts(options)));
	cli
		.command("plan <study>", "Show what a study would train")
		.option(...corpus)
		.option(...json)
		.action((study: string, options) => planCommand(terminal, study, texts(options)));
	cli
		.command("fit <runs>", "Fit the runs of a runs.jsonl or of a folder with one, or the points of a CSV file")
		.option("--method <name>", `${METHOD_IDS.join(", ")} or all (default for points: all)`)
		.option("--count <name>", "Parameters: total, nonembedding or nonembedding+head")
		.option("--flops <rule>", "Compute: 6nd, exact, exact-no-attention, exact-no-head or the file's own column")
		.option("--loss <name>", "What the laws of N and D minimize: huber, lad, log-mse or mse (default: huber)")
		.option("--delta <number>", "Knee of the Huber loss in ln L (default: 1e-3)")
		.option("--resamples <number>", "Bootstrap resamples, 0 for no intervals (default: 1000)")
		.option("--seed <number>", "Seeds the bootstrap (default: 42)")
		.option("--interval <share>", "Nominal coverage of the intervals (default: 0.9)")
		.option("--noise <nats>", "Noise of noise-and-interpolate (default: 0.002)")
		.option("--vocabulary <number>", "Vocabulary size for Rosenfeld's law (default: 32000, or the runs')")
		.option("--where <column=text>", "Only rows of the CSV file that have these texts; commas between conditions")
		.option("--drop-highest <number>", "Leave out so many of the CSV file's highest losses (Epoch AI: 5)")
		.option("--at <FLOPs>", "Predict the best size, tokens and loss at this compute; commas between several")
		.option(...json)
		.action((path: string, options) => fitCommand(terminal, path, texts(options)));
	cli
		.command("theory", "Show what Pearce & Song's theory says, in general and of a study")
		.option("--spec <law>", "epoch, chinchilla, E,A,B,alpha,beta or a .json file of isoflop fit (default: epoch)")
		.option("--omega <number>", "ω of N_T = N_\\E + ω·N_\\E^δ (default: 47491)")
		.option("--delta <number>", "δ of it (default: 1/3)")
		.option("--study <study>", "Predict the exponents of this study, a JSON file or a preset")
		.option(...corpus)
		.option("--configs <csv>", "Fit ω and δ to models with columns params, params_nonembedding or d_model")
		.option("--vocabulary <number>", "Vocabulary size of those models, where only d_model is given")
		.option("--context <tokens>", "Tokens of their sequences, for exact FLOPs (default: 2048)")
		.option("--figures", "Add the paper's figures 2 to 7 as columns to the JSON")
		.option(...json)
		.action((options) => theoryCommand(terminal, texts(options)));
	cli
		.command("allocate", "Show how published laws would spend a budget")
		.option("--flops <number>", "Training compute, FLOP")
		.option("--law <law>", "A law's name, E,A,B,alpha,beta or a .json file of isoflop fit (default: all)")
		.option("--parameters <number>", "A size to train to the same loss instead")
		.option("--inference-tokens <number>", "Tokens the model will generate or read in its life")
		.option("--batch <tokens>", "Tokens in an optimiser step, to compare with the critical batch size")
		.option("--critical-batch <tokens>", "The critical batch size (default: Kaplan's at each law's loss)")
		.option(...json)
		.action((options) => allocateCommand(terminal, texts(options)));
	cli
		.command("adapters", "List the GPUs that can be used")
		.option(...json)
		.action((options) => adaptersCommand(terminal, options));
	cli
		.command("tune", "Measure which variants of the kernels are fastest on a GPU; run does so once by itself")
		.option("--show", "Show what is kept without measuring")
		.option("--reset", "Forget what was measured")
		.option(...adapter)
		.option(...json)
		.action((options) => tuneCommand(terminal, texts(options)));
	const run = ["--run <id>", "A run of a study's folder by the beginning of its id (default: the best one)"] as const;
	cli
		.command(
			"sample <run> <text>",
			"Continue a text with a trained model: a study's folder, a model's or a weights file",
		)
		.option(...run)
		.option("--temperature <number>", "Divides the logits; 0 takes the likeliest token (default: 1)")
		.option("--top-k <number>", "Draw from this many likeliest tokens (default: all)")
		.option("--tokens <number>", "How many tokens to add (default: 100)")
		.option("--seed <number>", "Seeds the draws (default: 1)")
		.option(...json)
		.action((path: string, text: string, options) => sampleCommand(terminal, path, String(text), texts(options)));
	cli
		.command("export <run>", "Write a trained model as a Hugging Face folder")
		.option(...run)
		.option("--out <folder>", "Folder to write (default: models/<id> in the study's folder)")
		.option(...json)
		.action((path: string, options) => exportCommand(terminal, path, texts(options)));
	cli
		.command("import <folder>", "Read a Hugging Face folder of a GPT-2 or Llama, to begin runs from")
		.option("--out <file>", "Weights file to write (default: <name>.safetensors)")
		.option(...json)
		.action((path: string, options) => importCommand(terminal, path, texts(options)));
	cli
		.command("bench", "Time training steps of known workloads on this adapter")
		.option("--workloads <ids>", "Only these: toy, W1, W1h, W2, W3, separated by commas")
		.option("--packs <sizes>", "Runs in a pack, separated by commas (default: 1,4, and 16 for toy)")
		.option("--steps <number>", `Times of a step to take the median of (default: ${DEFAULT_STEPS})`)
		.option("--kernels", "Time every kernel too")
		.option(...adapter)
		.option(...json)
		.action((options) => benchCommand(terminal, texts(options)));
	cli
		.command("verify <golden>", "Repeat the steps of a golden .safetensors file on the GPU and compare")
		.option("--loss-tolerance <number>", `Largest relative difference of a loss (default: ${LOSS_TOLERANCE})`)
		.option("--gradient-tolerance <number>", `Largest one of a step-0 gradient (default: ${GRADIENT_TOLERANCE})`)
		.option(...adapter)
		.option(...json)
		.action((path: string, options) => verifyCommand(terminal, path, texts(options)));
	cli.help();
	cli.version(version);
	return cli;
}

/** Options with values as texts: the parser makes numbers of what looks like one. */
function texts<Options extends object>(options: Options): Options {
	const entries = Object.entries(options).map(([key, value]) => [
		key,
		typeof value === "number" ? String(value) : value,
	]);
	return Object.fromEntries(entries);
}
