// Gradient norm, clipping, freezing of diverged runs, and the update of the weights, over all tensors of a pack at once.
//   reduce      g = Σ_range partial[range];  squares: each invocation's Σ g²
//   first_norm  ‖g‖ after the first micro-batch, for the gradient noise scale
//   norm        ‖g‖ = √Σ squares;  scale = min(1, clip / (‖g‖ + 1e-6))
//               a run whose |loss| or ‖g‖ reaches its limit is frozen from this step on: nothing of it changes after that
//   update      by one of these (OPTIMIZERS in src/run/choices.ts), after g *= scale;  rate *= the tensor's;
//               p *= 1 − (rate·decay + fixed_decay):
//   adamw       m = β₁ m + (1−β₁) g;  v = β₂ v + (1−β₂) g²;  p −= rate/(1−β₁ᵗ) · m / (√(v/(1−β₂ᵗ)) + ε)
//               (Loshchilov & Hutter 2019)
//   sgd         m = β₁ m + g;  p −= rate · m
//   lion        p −= rate · sign(β₁ m + (1−β₁) g);  m = β₂ m + (1−β₂) g   (Chen et al. 2023)
//   muon        p −= rate · v in hidden matrices, after muon.wgsl has written m and, as v, the direction; adamw in all others
//               each writes squares: Σ Δp² and, after those of all segments, Σ p² before the update
//   finish      update-to-weight ratio = √(Σ Δp² / Σ p²)
//   average     e = keep · e + (1−keep) · p
//   reduce_run  reduce and norm in one for a small run
//   update_run  update and finish in one for a small run
//
// parameters, gradients, m, v, averages: for each tensor the copies of all runs in a row, each at a multiple of 64 entries.
// They are read and written four entries at a time; what lies past a copy's end stays as it is.
// partials: sums over ranges of the batch, [run, ranges, entries] for each tensor that has them
// segments: pieces of one tensor of one run, in order of run, `segments_per_run` of each
// squares [2, segments, LANES]  metrics, hyper [run]  frozen [run]: the step at which a run was frozen, or 0
// The header gives LANES, the invocations that go through a segment, SUM_LANES, those that sum up the squares, and
// update_segment, which is the optimizer's.

struct Segment {
	// first entry in parameters and gradients, number of entries, run, 1 where weight decay applies
	first: u32, length: u32, run: u32, decay: u32,
	// first entry in partials, entries from range to range, ranges (0: the gradient is complete); factor of the rate
	partial: u32, stride: u32, ranges: u32, rate: f32,
	// 1 where Muon orthogonalizes
	orthogonal: u32,
}
// Rings hold each run's copy at a multiple of 256 bytes.
struct Hyper {
	// step counts from 1; scale and frozen are written by clip_run
	@align(256) step: f32, rate: f32, beta1: f32, beta2: f32,
	epsilon: f32, decay: f32, fixed_decay: f32, clip: f32,
	correction1: f32, correction2: f32, average: f32, loss_limit: f32,
	gradient_limit: f32, scale: f32, frozen: f32,
}
struct Metrics {
	// The loss comes first: head.wgsl adds to a run's first entry.
	@align(256) loss: f32, norm: f32, frozen: f32, ratio: f32, first_norm: f32,
}
struct Sizes {
	segments: u32, segments_per_run: u32,
	// the first workgroup of this piece of the dispatch, where there is one per segment: see src/gpu/pieces.ts
	origin_x: u32,
}

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> segments: array<Segment>;
@group(0) @binding(2) var<storage, read> partials: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradients: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> squares: array<f32>;
@group(0) @binding(5) var<storage, read_write> hyper: array<Hyper>;
@group(0) @binding(6) var<storage, read_write> metrics: array<Metrics>;
@group(0) @binding(7) var<storage, read_write> frozen: array<f32>;
@group(0) @binding(8) var<storage, read_write> parameters: array<vec4f>;
@group(0) @binding(9) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(10) var<storage, read_write> v: array<vec4f>;
@group(0) @binding(11) var<storage, read_write> averages: array<vec4f>;

// Which of four entries from `i` on belong to a segment.
fn inside(segment: Segment, i: u32) -> vec4<bool> { return vec4u(i, i + 1u, i + 2u, i + 3u) < vec4u(segment.length); }

// The work on a segment, by LANES invocations.
fn reduce_segment(place: u32, lane: u32) {
	let segment = segments[place];
	var sum = vec4f();
	for (var i = 4u * lane; i < segment.length; i += 4u * LANES) {
		let at = (segment.first + i) / 4u;
		let valid = inside(segment, i);
		var g = gradients[at];
		if (segment.ranges > 0u) {
			var total = vec4f();
			for (var range = 0u; range < segment.ranges; range++) {
				let first = segment.partial + range * segment.stride + i;
				total += vec4f(partials[first], partials[first + 1u], partials[first + 2u], partials[first + 3u]);
			}
			g = select(g, total, valid);
			gradients[at] = g;
		}
		g = select(vec4f(), g, valid);
		sum = fma(g, g, sum);
	}
	store_square(place, lane, sum);
}

// One workgroup per segment.
@compute @workgroup_size(LANES)
fn reduce(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	reduce_segment(group.x + sizes.origin_x, lane);
}

// Stores the sum of an invocation's squares.
fn store_square(segment: u32, lane: u32, sum: vec4f) {
	squares[segment * LANES + lane] = (sum.x + sum.y) + (sum.z + sum.w);
}

var<workgroup> shared_sum: array<f32, SUM_LANES>;

// The sum of a run's squares from segment `first` on; lane 0 has it.
fn sum_squares(first: u32, run: u32, lane: u32) -> f32 {
	let count = sizes.segments_per_run * LANES;
	let begin = (first + run * sizes.segments_per_run) * LANES;
	var sum = 0.0;
	for (var i = lane; i < count; i += SUM_LANES) { sum += squares[begin + i]; }
	shared_sum[lane] = sum;
	for (var half = SUM_LANES / 2u; half > 0u; half /= 2u) {
		workgroupBarrier();
		if (lane < half) { shared_sum[lane] += shared_sum[lane + half]; }
	}
	return shared_sum[lane];
}

// One workgroup per run.
@compute @workgroup_size(SUM_LANES)
fn first_norm(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let sum = sum_squares(0u, group.z, lane);
	if (lane == 0u) { metrics[group.z].first_norm = sqrt(sum); }
}

// |x| < limit, and false for NaN. Compilers may assume that a float is not NaN, so this compares bits.
fn is_below(x: f32, limit: f32) -> bool {
	return (bitcast<u32>(x) & 0x7fffffffu) < bitcast<u32>(limit);
}

// Clips or freezes a run of which lane 0 has the sum of squares of the gradient.
fn clip_run(run: u32, lane: u32, sum: f32) {
	if (lane == 0u) {
		let norm = sqrt(sum);
		let healthy = is_below(metrics[run].loss, hyper[run].loss_limit) && is_below(norm, hyper[run].gradient_limit);
		if (frozen[run] == 0.0 && !healthy) { frozen[run] = hyper[run].step; }
		metrics[run].norm = norm;
		metrics[run].frozen = frozen[run];
		hyper[run].frozen = frozen[run];
		hyper[run].scale = min(1.0, hyper[run].clip / (norm + 1e-6));
	}
}

@compute @workgroup_size(SUM_LANES)
fn norm(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	clip_run(group.z, lane, sum_squares(0u, group.z, lane));
}

// What an update needs from its segment and run; the length is 0 if the run is frozen.
struct Update { segment: Segment, length: u32, rate: f32, shrink: f32, h: Hyper }

fn update_of(group: u32) -> Update {
	let segment = segments[group];
	let h = hyper[segment.run];
	let rate = h.rate * segment.rate;
	let shrink = select(0.0, rate * h.decay + h.fixed_decay, segment.decay != 0u);
	return Update(segment, select(segment.length, 0u, h.frozen != 0.0), rate, shrink, h);
}

// Sums of squares: of the changes, and of the parameters before them.
struct Squares { changes: vec4f, parameters: vec4f }

// Shrinks the parameters that are `valid`, subtracts `step` from them, and adds to the sums of squares.
fn apply_step(at: u32, valid: vec4<bool>, shrink: f32, step: vec4f, before: Squares) -> Squares {
	let old = parameters[at];
	parameters[at] = select(old, old * (1.0 - shrink) - step, valid);
	let change = select(vec4f(), fma(old, vec4f(shrink), step), valid);
	let kept = select(vec4f(), old, valid);
	return Squares(fma(change, change, before.changes), fma(kept, kept, before.parameters));
}

fn store_squares(group: u32, lane: u32, sums: Squares) {
	store_square(group, lane, sums.changes);
	store_square(sizes.segments + group, lane, sums.parameters);
}

// What AdamW subtracts from four entries; updates their moments.
fn adamw_step(at: u32, valid: vec4<bool>, u: Update) -> vec4f {
	let h = u.h;
	let rate = u.rate / h.correction1;
	let g = gradients[at] * h.scale;
	let old_m = m[at];
	let old_v = v[at];
	let new_m = fma(vec4f(h.beta1), old_m, (1.0 - h.beta1) * g);
	let new_v = fma(vec4f(h.beta2), old_v, (1.0 - h.beta2) * g * g);
	m[at] = select(old_m, new_m, valid);
	v[at] = select(old_v, new_v, valid);
	return rate * new_m / (sqrt(new_v / h.correction2) + h.epsilon);
}

fn adamw_segment(place: u32, lane: u32) {
	let u = update_of(place);
	var sums: Squares;
	for (var i = 4u * lane; i < u.length; i += 4u * LANES) {
		let at = (u.segment.first + i) / 4u;
		let valid = inside(u.segment, i);
		sums = apply_step(at, valid, u.shrink, adamw_step(at, valid, u), sums);
	}
	store_squares(place, lane, sums);
}

fn muon_segment(place: u32, lane: u32) {
	let u = update_of(place);
	let is_orthogonal = u.segment.orthogonal != 0u;
	var sums: Squares;
	for (var i = 4u * lane; i < u.length; i += 4u * LANES) {
		let at = (u.segment.first + i) / 4u;
		let valid = inside(u.segment, i);
		var step = vec4f();
		if (is_orthogonal) { step = u.rate * v[at]; } else { step = adamw_step(at, valid, u); }
		sums = apply_step(at, valid, u.shrink, step, sums);
	}
	store_squares(place, lane, sums);
}

fn sgd_segment(place: u32, lane: u32) {
	let u = update_of(place);
	var sums: Squares;
	for (var i = 4u * lane; i < u.length; i += 4u * LANES) {
		let at = (u.segment.first + i) / 4u;
		let valid = inside(u.segment, i);
		let old_m = m[at];
		let new_m = fma(vec4f(u.h.beta1), old_m, gradients[at] * u.h.scale);
		m[at] = select(old_m, new_m, valid);
		sums = apply_step(at, valid, u.shrink, u.rate * new_m, sums);
	}
	store_squares(place, lane, sums);
}

fn lion_segment(place: u32, lane: u32) {
	let u = update_of(place);
	let h = u.h;
	var sums: Squares;
	for (var i = 4u * lane; i < u.length; i += 4u * LANES) {
		let at = (u.segment.first + i) / 4u;
		let valid = inside(u.segment, i);
		let g = gradients[at] * h.scale;
		let old_m = m[at];
		m[at] = select(old_m, fma(vec4f(h.beta2), old_m, (1.0 - h.beta2) * g), valid);
		sums = apply_step(at, valid, u.shrink, u.rate * sign(fma(vec4f(h.beta1), old_m, (1.0 - h.beta1) * g)), sums);
	}
	store_squares(place, lane, sums);
}

@compute @workgroup_size(LANES)
fn update(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	update_segment(group.x + sizes.origin_x, lane);
}

// Measures how much a run's parameters have changed.
fn measure_run(run: u32, lane: u32) {
	let changes = sum_squares(0u, run, lane);
	workgroupBarrier();
	let weights = sum_squares(sizes.segments, run, lane);
	if (lane == 0u) { metrics[run].ratio = select(0.0, sqrt(changes / max(weights, 1e-30)), weights > 0.0); }
}

@compute @workgroup_size(SUM_LANES)
fn finish(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	measure_run(group.z, lane);
}

@compute @workgroup_size(LANES)
fn average(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let u = update_of(group.x + sizes.origin_x);
	for (var i = 4u * lane; i < u.length; i += 4u * LANES) {
		let at = (u.segment.first + i) / 4u;
		let old = averages[at];
		let next = fma(vec4f(u.h.average), old, (1.0 - u.h.average) * parameters[at]);
		averages[at] = select(old, next, inside(u.segment, i));
	}
}

// Small runs: one workgroup per run, SUM_LANES / LANES segments at a time. An invocation sums up the squares that it stored itself.
@compute @workgroup_size(SUM_LANES)
fn reduce_run(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let run = group.x + sizes.origin_x;
	let first = run * sizes.segments_per_run;
	for (var i = lane / LANES; i < sizes.segments_per_run; i += SUM_LANES / LANES) { reduce_segment(first + i, lane % LANES); }
	clip_run(run, lane, sum_squares(0u, run, lane));
}

@compute @workgroup_size(SUM_LANES)
fn update_run(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let run = group.x + sizes.origin_x;
	let first = run * sizes.segments_per_run;
	for (var i = lane / LANES; i < sizes.segments_per_run; i += SUM_LANES / LANES) { update_segment(first + i, lane % LANES); }
	measure_run(run, lane);
}
