// Gradient norm, clipping by it, and AdamW (Loshchilov & Hutter 2019), over all tensors of a pack at once.
//   reduce  g = Σ_range partial[range];  squares: Σ g² of what each invocation saw
//   norm    ‖g‖ = √Σ squares;  clip scale = min(1, clip / (‖g‖ + 1e-6))
//   adamw   g *= scale;  p *= 1 − rate·decay;  m = β₁ m + (1−β₁) g;  v = β₂ v + (1−β₂) g²
//           p −= rate/(1−β₁ᵗ) · m / (√(v/(1−β₂ᵗ)) + ε)
//
// parameters, gradients, m, v: every tensor's copies of all runs, one after the other
// partials: sums over ranges of the batch, [run, ranges, entries] for each tensor that has them
// segments: pieces of one tensor of one run, in order of run, `segments_per_run` of each
// squares [run, segments, 64]  metrics [run] of (loss, ‖g‖)  scales [run]  hyper [run]

struct Segment {
	// first entry in parameters and gradients, number of entries, run, 1 where weight decay applies
	first: u32, length: u32, run: u32, decay: u32,
	// first entry in partials, entries from range to range, ranges (0: the gradient is complete)
	partial: u32, stride: u32, ranges: u32, unused: u32,
}
struct Hyper {
	rate: f32, beta1: f32, beta2: f32, epsilon: f32, decay: f32, clip: f32, correction1: f32, correction2: f32,
}
struct Sizes { segments_per_run: u32, metrics_run: u32, hyper_run: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> segments: array<Segment>;
@group(0) @binding(2) var<storage, read> partials: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradients: array<f32>;
@group(0) @binding(4) var<storage, read_write> squares: array<f32>;
@group(0) @binding(5) var<storage, read> hyper: array<Hyper>;
@group(0) @binding(6) var<storage, read_write> metrics: array<f32>;
@group(0) @binding(7) var<storage, read_write> scales: array<f32>;
@group(0) @binding(8) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(9) var<storage, read_write> m: array<f32>;
@group(0) @binding(10) var<storage, read_write> v: array<f32>;

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

// One workgroup per run.
@compute @workgroup_size(256)
fn norm(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let count = sizes.segments_per_run * 64u;
	var sum = 0.0;
	for (var i = lane; i < count; i += 256u) { sum += squares[group.z * count + i]; }
	shared_sum[lane] = sum;
	for (var half = 128u; half > 0u; half /= 2u) {
		workgroupBarrier();
		if (lane < half) { shared_sum[lane] += shared_sum[lane + half]; }
	}
	if (lane == 0u) {
		let norm = sqrt(shared_sum[0]);
		metrics[group.z * sizes.metrics_run + 1u] = norm;
		scales[group.z] = min(1.0, hyper[group.z * sizes.hyper_run / 8u].clip / (norm + 1e-6));
	}
}

@compute @workgroup_size(64)
fn adamw(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let segment = segments[group.x];
	let h = hyper[segment.run * sizes.hyper_run / 8u];
	let scale = scales[segment.run];
	let keep = 1.0 - select(0.0, h.rate * h.decay, segment.decay != 0u);
	let rate = h.rate / h.correction1;
	for (var i = segment.first + lane; i < segment.first + segment.length; i += 64u) {
		let g = gradients[i] * scale;
		let new_m = fma(h.beta1, m[i], (1.0 - h.beta1) * g);
		let new_v = fma(h.beta2, v[i], (1.0 - h.beta2) * g * g);
		m[i] = new_m;
		v[i] = new_v;
		parameters[i] = parameters[i] * keep - rate * new_m / (sqrt(new_v / h.correction2) + h.epsilon);
	}
}
