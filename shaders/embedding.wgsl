// Token and position embedding of a pack.
//   forward            x[b,t] = wte[ids[b,t]] + wpe[t]
//   backward_token     dwte[id] += Σ dx[b,t] over the places with that id, in order: no atomics, so always the same bits
//   backward_position  dwpe[t] (+)= Σ_b dx[b,t], for each range of sequences
//   clear              dwte = 0, before the first backward_token where the head does not write dwte (untied)
//
// ids [run or 1, sequences, context + 1]  order [run or 1, sequences·context]: the places b·context + t, sorted by id
// x, dx [run, sequences, context, width]  wte, dwte [run, vocabulary, width]  wpe [run, context, width]
// dwpe [run, ranges, context, width]. The header gives Vec and LANES.

struct Sizes {
	sequences: u32, context: u32, width: u32, vocabulary: u32, ranges: u32, accumulate: u32,
	ids_run: u32, order_run: u32, x_run: u32, wte_run: u32, wpe_run: u32,
	dx_run: u32, dwte_run: u32, dwpe_run: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> wte: array<Vec>;
@group(0) @binding(3) var<storage, read> wpe: array<Vec>;
@group(0) @binding(4) var<storage, read_write> x: array<Vec>;
@group(0) @binding(5) var<storage, read> order: array<u32>;
@group(0) @binding(6) var<storage, read> dx: array<Vec>;
@group(0) @binding(7) var<storage, read_write> dwte: array<Vec>;
@group(0) @binding(8) var<storage, read_write> dwpe: array<Vec>;

fn id_at(run: u32, place: u32) -> u32 {
	return ids[run * sizes.ids_run + place + place / sizes.context];
}

// One invocation per place and column.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u) {
	let width = sizes.width / LANES;
	let place = id.x / width;
	let column = id.x % width;
	if (place >= sizes.sequences * sizes.context) { return; }
	let token = wte[id.z * (sizes.wte_run / LANES) + id_at(id.z, place) * width + column];
	let position = wpe[id.z * (sizes.wpe_run / LANES) + place % sizes.context * width + column];
	x[id.z * (sizes.x_run / LANES) + id.x] = token + position;
}

// One invocation per place in `order` and column; those at an id's first place do its work.
@compute @workgroup_size(64)
fn backward_token(@builtin(global_invocation_id) id: vec3u) {
	let width = sizes.width / LANES;
	let places = sizes.sequences * sizes.context;
	let first = id.x / width;
	let column = id.x % width;
	if (first >= places) { return; }
	let at_order = id.z * sizes.order_run;
	let token = id_at(id.z, order[at_order + first]);
	if (first > 0u && id_at(id.z, order[at_order + first - 1u]) == token) { return; }
	let e = id.z * (sizes.dwte_run / LANES) + token * width + column;
	var sum = dwte[e];
	for (var i = first; i < places; i++) {
		let place = order[at_order + i];
		if (id_at(id.z, place) != token) { break; }
		sum += dx[id.z * (sizes.dx_run / LANES) + place * width + column];
	}
	dwte[e] = sum;
}

// id.x is position and column, id.y the range of sequences.
@compute @workgroup_size(64)
fn backward_position(@builtin(global_invocation_id) id: vec3u) {
	let row = sizes.context * (sizes.width / LANES);
	if (id.x >= row) { return; }
	let length = (sizes.sequences + sizes.ranges - 1u) / sizes.ranges;
	let begin = id.y * length;
	var sum = Vec();
	for (var b = begin; b < min(begin + length, sizes.sequences); b++) {
		sum += dx[id.z * (sizes.dx_run / LANES) + b * row + id.x];
	}
	let e = id.z * (sizes.dwpe_run / LANES) + id.y * row + id.x;
	if (sizes.accumulate != 0u) { sum += dwpe[e]; }
	dwpe[e] = sum;
}

@compute @workgroup_size(64)
fn clear(@builtin(global_invocation_id) id: vec3u) {
	if (id.x < sizes.vocabulary * (sizes.width / LANES)) {
		dwte[id.z * (sizes.dwte_run / LANES) + id.x] = Vec();
	}
}
