/** A trained tensor of one run; those that GPT-2 has are under its names on Hugging Face without "transformer.". */
export interface ParameterShape {
	name: string;
	shape: readonly number[];
	/** Its initial values: normal with this deviation, all the same, or the same within each of several equal parts. */
	init: { deviation: number } | { constant: number } | { constants: readonly number[] };
	/** Whether weight decay applies: to matrices, not to vectors. */
	decay: boolean;
	/** Factor of the learning rate; 1 except under μP. */
	rate: number;
	/** Of a matrix inside the layers: the columns of each of the linear maps that it holds side by side, in order. */
	maps?: readonly number[];
}
