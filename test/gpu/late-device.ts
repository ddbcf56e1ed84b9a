/** A device that sees finished work every 100 ms and whenever something is submitted, as in Firefox; `submits` counts empty ones. */
export function lateDevice(device: GPUDevice): { device: GPUDevice; nudges: () => number } {
	const waiting = new Set<() => void>();
	let nudges = 0;
	const look = () => {
		for (const seen of [...waiting]) seen();
		waiting.clear();
	};
	setInterval(look, 100).unref();
	const later =
		<Result>(end: () => Promise<Result>) =>
		async () => {
			const result = await end();
			await new Promise<void>((seen) => waiting.add(seen));
			return result;
		};
	const wrapped = <Target extends object>(target: Target, own: Partial<Target>): Target =>
		new Proxy(target, {
			get(_, name) {
				if (name in own) return own[name as keyof Target];
				const value: unknown = Reflect.get(target, name);
				return typeof value === "function" ? value.bind(target) : value;
			},
		});
	const queue = wrapped(device.queue, {
		submit(commands) {
			if ([...commands].length === 0) nudges++;
			else device.queue.submit(commands);
			look();
		},
		onSubmittedWorkDone: later(() => device.queue.onSubmittedWorkDone()),
	});
	const createBuffer: GPUDevice["createBuffer"] = (descriptor) => {
		const buffer = device.createBuffer(descriptor);
		buffer.mapAsync = later(buffer.mapAsync.bind(buffer, 1));
		return buffer;
	};
	return { device: wrapped(device, { queue, createBuffer }), nudges: () => nudges };
}
