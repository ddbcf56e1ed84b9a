import type { Gpu } from "../gpu/device.ts";

/** The device was lost; the message says why. */
export class LostError extends Error {}

/** Rejects with `LostError` once the device is lost; never resolves. Nobody needs to handle it. */
export function lossOf({ lost }: Gpu): Promise<never> {
	const loss = lost.then((reason): never => {
		throw new LostError(reason);
	});
	loss.catch(() => {});
	return loss;
}

/** Throws the loss that shows up as a failed call first, which does not say why, or else the failure. */
export async function throwLoss(loss: Promise<never>, failure: unknown): Promise<never> {
	await Promise.race([loss, new Promise((resolve) => setTimeout(resolve, 0))]);
	throw failure;
}

/** What work comes to, or `LostError` as soon as the device is lost: calls to a lost device may never settle. */
export async function beforeLoss<Result>(gpu: Gpu, work: Promise<Result>): Promise<Result> {
	const loss = lossOf(gpu);
	try {
		return await Promise.race([work, loss]);
	} catch (failure) {
		return throwLoss(loss, failure);
	}
}
