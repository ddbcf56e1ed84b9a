import { cac } from "cac";
import { version } from "../../package.json";
import { METHOD_IDS } from "../analysis/methods/registry.ts";
import { COLUMN_NAMES } from "../analysis/points/column-names.ts";
import { CURVE_POINTS } from "../analysis/points/law-points.ts";
import { StudyError } from "../study/study-error.ts";
import { matchCommand } from "./arguments.ts";
import { adaptersCommand } from "./commands/adapters-command.ts";
import { allocateCommand } from "./commands/allocate-command.ts";
import { annealCommand } from "./commands/anneal-command.ts";
import { answerCommand } from "./commands/answer-command.ts";
import { benchCommand, DEFAULT_STEPS } from "./commands/bench-command.ts";
import { exportCommand } from "./commands/export-command.ts";
import { fitCommand } from "./commands/fit-command.ts";
import { forecastCommand } from "./commands/forecast-command.ts";
import { importCommand } from "./commands/import-command.ts";
import { planCommand } from "./commands/plan-command.ts";
import { presetsCommand } from "./commands/presets-command.ts";
import { runCommand } from "./commands/run-command.ts";
import { sampleCommand } from "./commands/sample-command.ts";
import { schemaCommand } from "./commands/schema-command.ts";
import { theoryCommand } from "./commands/theory-command.ts";
import { tuneCommand } from "./commands/tune-command.ts";
import { GRADIENT_TOLERANCE, LOSS_TOLERANCE, verifyCommand } from "./commands/verify-command.ts";
import { EXIT_FAILURE, EXIT_USAGE, type Terminal, UsageError } from "./printing/terminal.ts";

/**
 * Runs one command.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code: 0 for success, 1 for a failure, 2 for an invalid study or wrong arguments, 130 when interrupted
 */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<number> {
	try {
		const cli = commands(terminal);
		matchCommand(cli, argv);
		const { help, version: wantsVersion } = cli.options;
		if (help) cli.outputHelp();
		else if (wantsVersion) cli.outputVersion();
		if (help || wantsVersion) return 0;
		if (!cli.matchedCommand) {
			if (cli.args.length > 0)
				throw new UsageError(`unknown command "${cli.args[0]}"; isoflop --help lists the commands`);
			cli.outputHelp();
			return EXIT_USAGE;
		}
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
	const json = ["--json", "Print JSON to stdout"] as const;
	const adapter = ["--adapter <text>", "Use the GPU adapter whose name contains this text"] as const;
	const corpus = [
		"--corpus <id>",
		"Use this corpus instead of the study's: sotu, moby-dick, king-james-bible or file:<path>",
	] as const;
	cli
		.command("run <study>", "Train a study: a JSON file or a preset. Finished runs are not repeated")
		.option("--out <folder>", "Folder for study.json, runs.jsonl, fits.json and weights (default: runs/<name>)")
		.option("--checkpoint-every <seconds>", "Time between checkpoints of unfinished runs (default: 10)")
		.option("--memory <GiB>", "GPU memory that concurrent runs may use (default: 4)")
		.option("--pack <runs>", "Most runs that train together (default: as many as are fastest, which is measured)")
		.option(
			"--hold-out <runs>",
			"largest (size) or budget: set its runs aside, seal what laws fitted to the rest predict of them, then train them",
		)
		.option("--no-weights", "Do not save the weights of finished runs")
		.option("--trace <steps>", "First record this many steps of one run in traces/<id>.safetensors, for isoflop verify")
		.option("--trace-run <id>", "The run to trace, by the start of its id (default: the first planned run)")
		.option(...corpus)
		.option(...adapter)
		.option(...json)
		.action((study: string, options) => runCommand(terminal, study, options));
	cli
		.command(
			"anneal <study>",
			"Compare the learning-rate schedules of a study, a JSON file or a preset, which it trains, or of a folder's runs",
		)
		.option("--reference <name>", "The schedule that the others are compared with (default: the first)")
		.option("--out <folder>", "Folder for study.json, runs.jsonl and weights (default: runs/<name>)")
		.option("--plot <file>", "Write the comparison with the largest budget as SVG")
		.option("--checkpoint-every <seconds>", "Time between checkpoints of unfinished runs (default: 10)")
		.option("--memory <GiB>", "GPU memory that concurrent runs may use (default: 4)")
		.option("--pack <runs>", "Most runs that train together (default: as many as are fastest, which is measured)")
		.option("--no-weights", "Do not save the weights of finished runs")
		.option(...corpus)
		.option(...adapter)
		.option(...json)
		.example("isoflop anneal schemes --reference 'one cosine'")
		.action((study: string, options) => annealCommand(terminal, study, options));
	cli
		.command("presets", "List the experiments and the studies that come with the lab")
		.option(...json)
		.action((options) => presetsCommand(terminal, options));
	cli
		.command("answer <runs>", "Answer the question of a study's experiment from its runs: a folder or a runs.jsonl")
		.option("--study <study>", "The study of the runs, a JSON file or a preset (default: study.json of the folder)")
		.option("--plot <file>", "Write the figure as SVG")
		.option("--csv <file>", "Write the figure's table as CSV")
		.option("--resamples <number>", "Draws behind each interval, 0 for no intervals (default: 1000)")
		.option("--seed <number>", "Seed of the draws (default: 42)")
		.option("--interval <share>", "Nominal coverage of the intervals (default: 0.9)")
		.option(...json)
		.action((path: string, options) => answerCommand(terminal, path, options));
	cli
		.command("forecast <runs>", "Show the sealed forecast of a study folder, and what came of it")
		.option("--plot <file>", "Write predictions and results against compute as SVG")
		.option(...json)
		.action((path: string, options) => forecastCommand(terminal, path, options));
	cli
		.command("schema", "Print the JSON Schema of a study, for editors and programs that write one")
		.option(...json)
		.action(() => schemaCommand(terminal));
	cli
		.command("plan <study>", "Show the runs of a study and what they cost, without training")
		.option(...corpus)
		.option(...json)
		.action((study: string, options) => planCommand(terminal, study, options));
	cli
		.command(
			"fit <...runs>",
			"Fit the runs of a runs.jsonl or a folder with one, or a table of points (CSV, JSON); - is standard input",
		)
		.option("--method <name>", `${METHOD_IDS.join(", ")}, several with commas, or all (default for points: all)`)
		.option("--count <name>", "Parameters: total, non-embedding or non-embedding+head")
		.option("--flops <rule>", "Compute: 6nd, exact, exact-no-attention, exact-no-head or the file's own column")
		.option("--loss <name>", "What the laws of N and D minimize: huber, lad, log-mse or mse (default: huber)")
		.option("--delta <number>", "Knee of the Huber loss in ln L (default: 1e-3)")
		.option("--resamples <number>", "Bootstrap resamples, 0 for no intervals (default: 1000)")
		.option("--seed <number>", "Seed of the bootstrap (default: 42)")
		.option("--interval <share>", "Nominal coverage of the intervals (default: 0.9)")
		.option("--noise <nats>", "Noise of noise-and-interpolate (default: the scatter of the losses)")
		.option("--hull-points <name>", "Method 1's convex hull: of raw or smoothed points (default: raw)")
		.option("--hull-edges <rule>", "Of its smallest and largest size: keep or drop the corners (default: drop)")
		.option("--vocabulary <number>", "Vocabulary size, for Rosenfeld's law (default: 32000, or that of the runs)")
		.option(
			"--rates <rule>",
			"Of several learning rates: envelope (lowest loss at each compute) or final (best at the end)",
		)
		.option(
			"--curve-points <name>",
			`Of training curves, the points for laws of N and D: ${CURVE_POINTS.join(", ")} (default: auto)`,
		)
		.option("--base <law>", "E,A,B,alpha,beta of the data-constrained law, published (C4's) or joint (default: joint)")
		.option(
			"--where <conditions>",
			"Only rows of the table with stage=1, stage!=pilot, loss<4 or the like, with commas between",
		)
		.option(
			"--map <column=name>",
			"Read a column under another name, or give a number for every row: params=size,loss=val/loss",
		)
		.option("--units <column=number>", "Multiply a column's numbers: params=1e9 for billions")
		.option("--loss-column <name>", "Which of several losses to read")
		.option("--tolerance <share>", "Points share a budget of compute within this share (default: 0.1)")
		.option("--range <from,to>", "Only points within this range of compute, FLOP: 1e18,1e21")
		.option("--drop-highest <number>", "Leave out so many of the table's highest losses (Epoch AI: 5)")
		.option("--at <FLOPs>", "Predict the best size, tokens and loss at this compute; commas between several")
		.option("--plot <folder>", "Write the figures into this folder, as SVG: sizes, tokens, losses, valleys, contours …")
		.option("--csv <file>", "Write the exponents and parameters of every method as CSV")
		.option(...json)
		.example(
			`Columns: ${Object.entries(COLUMN_NAMES)
				.map(([column, names]) => `${column} (${names.join(", ")})`)
				.join("; ")}`,
		)
		.example("isoflop fit history.csv --map loss=eval/loss,params=config.n_params --units params=1e6")
		.example("isoflop fit points.csv --method 1,3 --where loss<4,stage!=pilot --at 1e24")
		.action((paths: string[], options) => fitCommand(terminal, paths, options));
	cli
		.command("theory", "Show what Pearce & Song's theory predicts, in general and for a study")
		.option("--spec <law>", "epoch, chinchilla, E,A,B,alpha,beta or a .json file of isoflop fit (default: epoch)")
		.option("--omega <number>", "ω of N_T = N_\\E + ω·N_\\E^δ (default: 47491)")
		.option("--delta <number>", "δ of the same formula (default: 1/3)")
		.option("--study <study>", "Predict the exponents of this study, a JSON file or a preset")
		.option(...corpus)
		.option("--configs <csv>", "Fit ω and δ to models with columns params, params_nonembedding or d_model")
		.option("--vocabulary <number>", "Vocabulary size of those models, if the file has only d_model")
		.option("--context <tokens>", "Context length of those models in tokens, for exact FLOPs (default: 2048)")
		.option("--figures", "Add the paper's figures 2 to 7 as columns to the JSON")
		.option("--plot <folder>", "Write those figures into this folder, as SVG")
		.option(...json)
		.action((options) => theoryCommand(terminal, options));
	cli
		.command("allocate", "Show how published laws would split a compute budget between parameters and tokens")
		.option("--flops <number>", "Training compute in FLOP")
		.option("--law <law>", "A law's name, E,A,B,alpha,beta or a .json file of isoflop fit (default: all)")
		.option("--parameters <number>", "A model size to train to the same loss instead")
		.option("--inference-tokens <number>", "Tokens that the model will process in its lifetime")
		.option("--batch <tokens>", "Batch size in tokens, to compare with the critical batch size")
		.option("--critical-batch <tokens>", "The critical batch size (default: Kaplan's at each law's loss)")
		.option("--plot <file>", "Write the best size against compute, by each law, as SVG")
		.option(...json)
		.action((options) => allocateCommand(terminal, options));
	cli
		.command("adapters", "List the available GPU adapters")
		.option(...json)
		.action((options) => adaptersCommand(terminal, options));
	cli
		.command("tune", "Measure which kernel variants are fastest on a GPU. isoflop run does this automatically, once")
		.option("--show", "Show the stored measurements instead")
		.option("--reset", "Delete the stored measurements instead")
		.option(...adapter)
		.option(...json)
		.action((options) => tuneCommand(terminal, options));
	const run = [
		"--run <id>",
		"Run of a study folder, by the start of its id (default: the one with the lowest validation loss)",
	] as const;
	cli
		.command(
			"sample <run> <text>",
			"Continue a text with a trained model from a study folder, a model folder or a weights file",
		)
		.option(...run)
		.option("--temperature <number>", "Sampling temperature; 0 always picks the most likely token (default: 1)")
		.option("--top-k <number>", "Sample from this many most likely tokens (default: all)")
		.option("--tokens <number>", "Number of tokens to generate (default: 100)")
		.option("--seed <number>", "Seed of the sampling (default: 1)")
		.option(...json)
		.action((path: string, text: string, options) => sampleCommand(terminal, path, text, options));
	cli
		.command("export <run>", "Write a trained model as a Hugging Face folder")
		.option(...run)
		.option("--out <folder>", "Folder to write (default: models/<id> in the study folder)")
		.option(...json)
		.action((path: string, options) => exportCommand(terminal, path, options));
	cli
		.command(
			"import <folder>",
			"Convert a Hugging Face folder of a GPT-2 or Llama model to a weights file, to start runs from",
		)
		.option("--out <file>", "Weights file to write (default: <name>.safetensors)")
		.option(...json)
		.action((path: string, options) => importCommand(terminal, path, options));
	cli
		.command("bench", "Time training steps of fixed workloads on this GPU")
		.option("--workloads <ids>", "Comma-separated workloads: toy, W1, W1h, W2, W3 (default: all)")
		.option("--packs <sizes>", "Comma-separated pack sizes (default: 1,4, and 16 for toy)")
		.option("--steps <number>", `Steps to time; the median is reported (default: ${DEFAULT_STEPS})`)
		.option("--kernels", "Also time every kernel")
		.option(...adapter)
		.option(...json)
		.action((options) => benchCommand(terminal, options));
	cli
		.command("verify <trace>", "Repeat the recorded training steps of a .safetensors trace on the GPU and compare")
		.option("--loss-tolerance <number>", `Largest relative difference of any loss (default: ${LOSS_TOLERANCE})`)
		.option(
			"--gradient-tolerance <number>",
			`Largest relative difference of a gradient at step 0 (default: ${GRADIENT_TOLERANCE})`,
		)
		.option(...adapter)
		.option(...json)
		.action((path: string, options) => verifyCommand(terminal, path, options));
	cli.help();
	cli.version(version);
	return cli;
}
