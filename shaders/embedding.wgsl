// Token and position embedding of a pack.
//   forward   x[k,m] = wte[k,id[m]] + wpe[k,t],  t the place of token m in its sequence; 0 in the padding
//   backward  dwte[k,id] += Σ dx[k,m] over the tokens with that id, in order and without
//             atomics, so always with the same bits
//             dwpe[k,t] (+)= Σ dx[k,m] over the sequences
//
// ids [run or 1, sequences, context + 1]  order [run or 1, sequences·context]: the places sequence·context + t, sorted by id
// x, dx [run, width, tokens']  wte, dwte [run, width, vocabulary']  wpe, dwpe [run, width, context]. A prime: padded to
// a multiple of 4. Neighboring invocations own neighboring tokens, FEATURES features each.
// The header gives LANES, FEATURES, and position_entry and write_dposition, which do nothing unless positions are learned.

struct Sizes {
	width: u32, padded: u32, vocabulary: u32, sequences: u32, context: u32, token_groups: u32, accumulate: u32,
	ids_run: u32, order_run: u32, x_run: u32, wte_run: u32, wpe_run: u32, dx_run: u32, dwte_run: u32, dwpe_run: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> wte: array<f32>;
@group(0) @binding(3) var<storage, read_write> x: array<f32>;
@group(0) @binding(4) var<storage, read> order: array<u32>;
@group(0) @binding(5) var<storage, read> dx: array<f32>;
@group(0) @binding(6) var<storage, read_write> dwte: array<f32>;

fn id_at(run: u32, place: u32) -> u32 {
	return ids[run * sizes.ids_run + place + place / sizes.context];
}

// id.x is the token, group.y counts blocks of features.
@compute @workgroup_size(LANES)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
	if (id.x >= sizes.padded) { return; }
	let real = id.x < sizes.sequences * sizes.context;
	var token = 0u;
	if (real) { token = id_at(group.z, id.x); }
	let first = group.y * FEATURES;
	for (var k = first; k < min(first + FEATURES, sizes.width); k++) {
		var value = wte[group.z * sizes.wte_run + k * sizes.vocabulary + token];
		value += position_entry(group.z * sizes.wpe_run + k * sizes.context + id.x % sizes.context);
		x[group.z * sizes.x_run + k * sizes.padded + id.x] = select(0.0, value, real);
	}
}

// Each invocation of the first token_groups workgroups has a place in `order`; each of the others has a position.
@compute @workgroup_size(LANES)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
	let first = group.y * FEATURES;
	if (group.x < sizes.token_groups) {
		token_gradient(group.z, id.x, first);
	} else {
		position_gradient(group.z, id.x - sizes.token_groups * LANES, first);
	}
}

// The invocation at an id's first place in `order` sums all places of that id.
fn token_gradient(run: u32, start: u32, first: u32) {
	let places = sizes.sequences * sizes.context;
	let at_order = run * sizes.order_run;
	if (start >= places) { return; }
	let token = id_at(run, order[at_order + start]);
	if (start > 0u && id_at(run, order[at_order + start - 1u]) == token) { return; }
	let at_dx = run * sizes.dx_run + first * sizes.padded;
	var sum: array<f32, FEATURES>;
	for (var n = start; n < places; n++) {
		let place = order[at_order + n];
		if (id_at(run, place) != token) { break; }
		for (var i = 0u; i < FEATURES; i++) { sum[i] += dx[at_dx + min(i, sizes.width - 1u - first) * sizes.padded + place]; }
	}
	for (var i = 0u; i < FEATURES; i++) {
		if (first + i < sizes.width) { dwte[run * sizes.dwte_run + (first + i) * sizes.vocabulary + token] += sum[i]; }
	}
}

fn position_gradient(run: u32, position: u32, first: u32) {
	if (position >= sizes.context) { return; }
	for (var k = first; k < min(first + FEATURES, sizes.width); k++) {
		var sum = 0.0;
		let row = run * sizes.dx_run + k * sizes.padded + position;
		for (var b = 0u; b < sizes.sequences; b++) { sum += dx[row + b * sizes.context]; }
		write_dposition(run * sizes.dwpe_run + k * sizes.context + position, sum);
	}
}
