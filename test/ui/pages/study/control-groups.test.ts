import { describe, expect, it } from "vitest";
import { presets } from "../../../../src/experiments/experiments.ts";
import type { Study } from "../../../../src/study/study.ts";
import type { StudyError, StudyPath } from "../../../../src/study/study-error.ts";
import { validateStudy } from "../../../../src/study/validate-study.ts";
import { controlGroups, groupSummary } from "../../../../src/ui/pages/study/control-groups.ts";
import type { Draft } from "../../../../src/ui/pages/study/draft.ts";
import {
	onlySchedule,
	SCHEDULES,
	scheduleKind,
	warmup,
	warmupUnitOf,
} from "../../../../src/ui/pages/study/schedule-controls.ts";
import type { ChoiceControl, Control, FlagControl, TextControl } from "../../../../src/ui/pages/study/study-control.ts";
import { fieldOfPath } from "../../../../src/ui/pages/study/study-fields.ts";

const controls = [scheduleKind, warmup, ...controlGroups.flatMap((group) => group.controls)];
const labelled = <Kind extends Control>(label: string) => controls.find((control) => control.label === label) as Kind;
const text = (label: string) => labelled<TextControl>(label);
const choice = (label: string) => labelled<ChoiceControl>(label);
const group = (title: string) => controlGroups.find((candidate) => candidate.title === title)!;

const write = (control: Control, draft: Draft): Draft => {
	if (control.kind === "text") return control.write(draft, control.read(draft));
	if (control.kind === "flag") return control.write(draft, control.read(draft));
	return control.write(draft, control.read(draft));
};

const choices: Partial<Record<keyof Study, unknown>> = {
	norms: ["rms", "layer"],
	positions: ["rotary"],
	parametrizations: ["standard", "mup"],
	baseWidth: 16,
	storage: "f16",
	schedules: [{ kind: "wsd", warmupShare: 0.1, cooldownShare: 0.3 }],
	optimizer: "lion",
	ema: 0.99,
	sampling: "epochs",
	uniqueTokens: [1000, 2000],
	evaluations: ["moby-dick"],
	validationEvery: 5000,
	halving: { at: [0.4], margin: 0.1 },
};
const rich = validateStudy({
	...presets[0]!.study,
	...choices,
	sizes: [{ width: 16, layers: 1, heads: 2, steps: 60 }],
});

describe.each([...presets.map(({ id, study }) => [id, study] as const), ["rich", rich] as const])(
	"the folded choices of %s",
	(_, study) => {
		it("write back what they read", () => {
			const draft = study as unknown as Draft;
			for (const control of controls)
				if ((control.applies?.(draft) ?? true) && control.fits(draft))
					expect(validateStudy(write(control, draft)), control.label).toEqual(study);
		});
	},
);

describe("a changed choice", () => {
	const draft = presets[0]!.study as unknown as Draft;
	const changed = (control: ChoiceControl, ...chosen: string[]) => validateStudy(control.write(draft, chosen));

	it("becomes the part of the study that it stands for; all options are valid", () => {
		for (const control of controls)
			if (control.kind === "choice" && control.options !== "corpora")
				for (const [option] of control.options)
					if (control.applies?.(draft) ?? true)
						expect(control.read(changed(control, option) as unknown as Draft), control.label).toEqual([option]);
		expect(changed(choice("Norm"), "rms", "none").norms).toEqual(["rms", "none"]);
		expect(changed(choice("Also evaluate on"), "moby-dick").evaluations).toEqual(["moby-dick"]);
	});

	it("with nothing chosen is as usual again", () => {
		expect(changed(choice("Norm")).norms).toEqual(["layer"]);
		expect(changed(choice("Also evaluate on"))).not.toHaveProperty("evaluations");
		expect(validateStudy(text("Unique tokens").write(draft, "")).uniqueTokens).toBeUndefined();
		expect(validateStudy(text("Weight decay").write(draft, " ")).weightDecay).toBe(0.1);
	});

	it("of μP takes the smallest width as base, and away with it", () => {
		const withMup = changed(choice("Parametrization"), "standard", "mup");
		expect(withMup.baseWidth).toBe(4);
		const back = choice("Parametrization").write(withMup as unknown as Draft, ["standard"]);
		expect(validateStudy(back)).not.toHaveProperty("baseWidth");
	});

	it("of LSTMs alone drops what only transformers have", () => {
		const study = changed(choice("Architecture"), "lstm");
		expect(study.sizes.every(({ heads }) => heads === 1)).toBe(true);
		const both = { ...draft, norms: ["rms"], architectures: ["transformer", "lstm"] };
		const lstm = choice("Architecture").write(both, ["lstm"]);
		expect(validateStudy(lstm).norms).toEqual(["layer"]);
		for (const label of ["Norm", "Positions", "Feed-forward"]) {
			expect(choice(label).applies?.(both), label).toBe(true);
			expect(choice(label).applies?.(lstm), label).toBe(false);
		}
	});

	it("of the schedule's kind keeps the warmup and drops the rest", () => {
		let study: Draft = { ...draft, schedules: [{ kind: "wsd", warmupTokens: 64, cooldown: "linear" }] };
		for (const [kind] of SCHEDULES) {
			study = validateStudy(scheduleKind.write(study, [kind])) as unknown as Draft;
			expect(onlySchedule(study)).toMatchObject({ kind, warmupTokens: 64 });
		}
		expect(warmupUnitOf(study)).toBe("tokens");
		expect(text("Points").read(study)).toBe("0:1, 1:0");
		const points = text("Points").write(study, "0:0.5, 0.5 : 1, 1:0");
		expect(onlySchedule(validateStudy(points) as unknown as Draft)?.points).toEqual([
			[0, 0.5],
			[0.5, 1],
			[1, 0],
		]);
	});

	it("of early stops begins with the usual rule, and takes it away", () => {
		const control = labelled<FlagControl>("Stop clearly losing learning rates early");
		const halved = control.write(draft, true);
		expect(validateStudy(halved).halving).toEqual({ at: [0.25, 0.5], margin: 0.05 });
		expect(control.read(halved)).toBe(true);
		expect(groupSummary(group("Optimizer"), halved)).toBe("stop clearly losing learning rates early");
		expect(validateStudy(control.write(halved, false))).not.toHaveProperty("halving");
	});

	it("of the warmup's unit begins at none", () => {
		const study = changed(choice("Warmup unit"), "warmupShare") as unknown as Draft;
		expect(onlySchedule(warmup.write(study, "0.05"))).toMatchObject({ warmupShare: 0.05 });
	});

	it.each([
		["Weight decay", "much", "weightDecay"],
		["Weight decay", "11", "weightDecay"],
		["Unique tokens", "1", "uniqueTokens"],
		["Weight averaging (EMA)", "1", "ema"],
		["μP base width", "3", "baseWidth"],
		["Final rate", "2", "schedules"],
	])("%s = “%s” gets its error beside it", (label, typed, field) => {
		const falling = { ...draft, schedules: [{ kind: "linear" }] };
		let path: StudyPath = [];
		try {
			validateStudy(text(label).write(falling, typed));
		} catch (error) {
			path = (error as StudyError).path;
		}
		expect(fieldOfPath(path)).toBe(field);
	});

	it("that the form cannot show stays as it is", () => {
		const two = { ...draft, schedules: [{ kind: "constant" }, { kind: "cosine" }] };
		expect(warmup.fits(two)).toBe(false);
		expect(labelled<FlagControl>("Normalize queries and keys").fits({ qkNorm: "yes" })).toBe(false);
		expect(choice("Norm").fits({ norms: "rms" })).toBe(false);
	});
});

describe("a folded group says what is not as usual in it", () => {
	it("nothing of a plain study", () => {
		for (const { study } of presets.filter(({ id }) => id === "paper"))
			expect(controlGroups.map((each) => groupSummary(each, study as unknown as Draft)).join("")).toBe("");
	});

	it("and all of another", () => {
		const draft = rich as unknown as Draft;
		expect(groupSummary(group("Model"), draft)).toBe(
			"RMS norm and Layer norm, Rotary positions, Standard and μP, μP base width 16, activation storage 16-bit",
		);
		expect(groupSummary(group("Optimizer"), draft)).toBe(
			"optimizer Lion, weight averaging (EMA) 0.99, stop clearly losing learning rates early",
		);
		expect(groupSummary(group("Schedule details"), draft)).toBe("warmup unit fraction of the run, cooldown 0.3");
		expect(groupSummary(group("Data and evaluation"), draft)).toBe(
			"sampling Epochs, unique tokens 1000, 2000, moby-dick, validation sequences 256, validate every 5000",
		);
	});
});
