// Gradient norm, clipping by it, what freezes a run, and the update of the weights, over all tensors of a pack at once.
//   reduce      g = Σ_range partial[range];  squares: Σ g² of what each invocation saw
//   first_norm  ‖g‖ of what the first micro-batch left, for the gradient noise scale
//   norm        ‖g‖ = √Σ squares;  scale = min(1, clip / (‖g‖ + 1e-6))
//               a run whose |loss| or ‖g‖ reaches its limit is frozen from this step on: nothing of it changes any more
//   one of three updates, after g *= scale;  rate *= the tensor's;  p *= 1 − (rate·decay + fixed_decay):
//   adamw       m = β₁ m + (1−β₁) g;  v = β₂ v + (1−β₂) g²;  p −= rate/(1−β₁ᵗ) · m / (√(v/(1−β₂ᵗ)) + ε)
//               (Loshchilov & Hutter 2019)
//   sgd         m = β₁ m + g;  p −= rate · m
//   lion        p −= rate · sign(β₁ m + (1−β₁) g);  m = β₂ m + (1−β₂) g   (Chen et al. 2023)
//               each leaves squares: Σ Δp² and, after those of all segments, Σ p² from before
//   finish      update-to-weight ratio = √(Σ Δp² / Σ p²)
//   average     e = keep · e + (1−keep) · p
//
// parameters, gradients, m, v, averages: every tensor's copies of all runs, one after the other
// partials: sums over ranges of the batch, [run, ranges, entries] for each tensor that has them
// segments: pieces of one tensor of one run, in order of run, `segments_per_run` of each
// squares [2, segments, 64]  metrics, hyper [run]  frozen [run]: the step at which a run was frozen, or 0

struct Segment {
	// first entry in parameters and gradients, number of entries, run, 1 where weight decay applies
	first: u32, length: u32, run: u32, decay: u32,
	// first entry in partials, entries from range to range, ranges (0: the gradient is complete); factor of the rate
	partial: u32, stride: u32, ranges: u32, rate: f32,
}
struct Hyper {
	// step counts from 1; scale and frozen are written by norm
	step: f32, rate: f32, beta1: f32, beta2: f32,
	epsilon: f32, decay: f32, fixed_decay: f32, clip: f32,
	correction1: f32, correction2: f32, average: f32, loss_limit: f32,
	gradient_limit: f32, scale: f32, frozen: f32, unused: f32,
}
struct Sizes { segments: u32, segments_per_run: u32, metrics_run: u32, hyper_run: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> segments: array<Segment>;
@group(0) @binding(2) var<storage, read> partials: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradients: array<f32>;
@group(0) @binding(4) var<storage, read_write> squares: array<f32>;
@group(0) @binding(5) var<storage, read_write> hyper: array<Hyper>;
@group(0) @binding(6) var<storage, read_write> metrics: array<f32>;
@group(0) @binding(7) var<storage, read_write> frozen: array<f32>;
@group(0) @binding(8) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(9) var<storage, read_write> m: array<f32>;
@group(0) @binding(10) var<storage, read_write> v: array<f32>;
@group(0) @binding(11) var<storage, read_write> averages: array<f32>;

// Places in a run's metrics.
const LOSS = 0u;
const NORM = 1u;
const FROZEN = 2u;
const RATIO = 3u;
const FIRST_NORM = 4u;

fn hyper_of(run: u32) -> u32 { return run * sizes.hyper_run / 16u; }

// One workgroup per segment; id.x counts segments.
@compute @workgroup_size(64)
fn reduce(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let segment = segments[group.x];
	var sum = 0.0;
	for (var i = lane; i < segment.length; i += 64u) {
		var g = 0.0;
		if (segment.ranges == 0u) {
			g = gradients[segment.first + i];
		} else {
			for (var range = 0u; range < segment.ranges; range++) {
				g += partials[segment.partial + range * segment.stride + i];
			}
			gradients[segment.first + i] = g;
		}
		sum = fma(g, g, sum);
	}
	squares[group.x * 64u + lane] = sum;
}

var<workgroup> shared_sum: array<f32, 256>;

// The sum of a run's squares from `first` on; lane 0 has it.
fn sum_squares(first: u32, run: u32, lane: u32) -> f32 {
	let count = sizes.segments_per_run * 64u;
	var sum = 0.0;
	for (var i = lane; i < count; i += 256u) { sum += squares[first + run * count + i]; }
	shared_sum[lane] = sum;
	for (var half = 128u; half > 0u; half /= 2u) {
		workgroupBarrier();
		if (lane < half) { shared_sum[lane] += shared_sum[lane + half]; }
	}
	return shared_sum[lane];
}

// One workgroup per run.
@compute @workgroup_size(256)
fn first_norm(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let sum = sum_squares(0u, group.z, lane);
	if (lane == 0u) { metrics[group.z * sizes.metrics_run + FIRST_NORM] = sqrt(sum); }
}

// |x| < limit, and false for what is no number: compilers may assume that floats are, but not of their bits.
fn is_below(x: f32, limit: f32) -> bool {
	return (bitcast<u32>(x) & 0x7fffffffu) < bitcast<u32>(limit);
}

@compute @workgroup_size(256)
fn norm(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let run = group.z;
	let sum = sum_squares(0u, run, lane);
	if (lane == 0u) {
		let norm = sqrt(sum);
		let at = run * sizes.metrics_run;
		let h = hyper_of(run);
		let fine = is_below(metrics[at + LOSS], hyper[h].loss_limit) && is_below(norm, hyper[h].gradient_limit);
		if (frozen[run] == 0.0 && !fine) { frozen[run] = hyper[h].step; }
		metrics[at + NORM] = norm;
		metrics[at + FROZEN] = frozen[run];
		hyper[h].frozen = frozen[run];
		hyper[h].scale = min(1.0, hyper[h].clip / (norm + 1e-6));
	}
}

// What an update needs of its segment and run; no entries where the run is frozen.
struct Update { begin: u32, end: u32, rate: f32, shrink: f32, h: Hyper }

fn update_of(group: u32) -> Update {
	let segment = segments[group];
	let h = hyper[hyper_of(segment.run)];
	let rate = h.rate * segment.rate;
	let shrink = select(0.0, rate * h.decay + h.fixed_decay, segment.decay != 0u);
	let end = select(segment.first + segment.length, 0u, h.frozen != 0.0);
	return Update(segment.first, end, rate, shrink, h);
}

// Shrinks a parameter and takes `step` from it; returns the squares of its change and of what it was.
fn take(i: u32, shrink: f32, step: f32) -> vec2f {
	let old = parameters[i];
	let change = fma(old, shrink, step);
	parameters[i] = old * (1.0 - shrink) - step;
	return vec2f(change * change, old * old);
}

fn store_squares(group: u32, lane: u32, sums: vec2f) {
	squares[group * 64u + lane] = sums.x;
	squares[(sizes.segments + group) * 64u + lane] = sums.y;
}

@compute @workgroup_size(64)
fn adamw(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let u = update_of(group.x);
	let h = u.h;
	let rate = u.rate / h.correction1;
	var sums = vec2f();
	for (var i = u.begin + lane; i < u.end; i += 64u) {
		let g = gradients[i] * h.scale;
		let new_m = fma(h.beta1, m[i], (1.0 - h.beta1) * g);
		let new_v = fma(h.beta2, v[i], (1.0 - h.beta2) * g * g);
		m[i] = new_m;
		v[i] = new_v;
		sums += take(i, u.shrink, rate * new_m / (sqrt(new_v / h.correction2) + h.epsilon));
	}
	store_squares(group.x, lane, sums);
}

@compute @workgroup_size(64)
fn sgd(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let u = update_of(group.x);
	var sums = vec2f();
	for (var i = u.begin + lane; i < u.end; i += 64u) {
		let new_m = fma(u.h.beta1, m[i], gradients[i] * u.h.scale);
		m[i] = new_m;
		sums += take(i, u.shrink, u.rate * new_m);
	}
	store_squares(group.x, lane, sums);
}

@compute @workgroup_size(64)
fn lion(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let u = update_of(group.x);
	let h = u.h;
	var sums = vec2f();
	for (var i = u.begin + lane; i < u.end; i += 64u) {
		let g = gradients[i] * h.scale;
		let old_m = m[i];
		m[i] = fma(h.beta2, old_m, (1.0 - h.beta2) * g);
		sums += take(i, u.shrink, u.rate * sign(fma(h.beta1, old_m, (1.0 - h.beta1) * g)));
	}
	store_squares(group.x, lane, sums);
}

@compute @workgroup_size(256)
fn finish(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let changes = sum_squares(0u, group.z, lane);
	workgroupBarrier();
	let weights = sum_squares(sizes.segments * 64u, group.z, lane);
	if (lane == 0u) {
		metrics[group.z * sizes.metrics_run + RATIO] = select(0.0, sqrt(changes / max(weights, 1e-30)), weights > 0.0);
	}
}

@compute @workgroup_size(64)
fn average(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let segment = segments[group.x];
	let h = hyper[hyper_of(segment.run)];
	let end = select(segment.first + segment.length, 0u, h.frozen != 0.0);
	for (var i = segment.first + lane; i < end; i += 64u) {
		averages[i] = fma(h.average, averages[i], (1.0 - h.average) * parameters[i]);
	}
}
