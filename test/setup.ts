import { findAdapter, HOW_TO_GET_AN_ADAPTER } from "../src/node/setup/adapter.mjs";

/** Before the GPU tests: finds an adapter and leads their processes to it. Without one they fail; none is skipped. */
export default function setup(): void {
	const adapter = findAdapter();
	if (!adapter) throw new Error(HOW_TO_GET_AN_ADAPTER);
	console.log(`GPU tests run on ${adapter.name}`);
	Object.assign(process.env, adapter.variables);
}
