// Head of a pack: linear layer and softmax cross-entropy in one; the logits z[m,v] = Σ_k x[m,k] w[v,k] are never stored.
//   forward          for each part of the vocabulary: largest z and Σ_v exp(z[m,v] − largest); the target's z
//   combine          lse[m] = ln Σ_v exp z[m,v],  loss (+)= scale Σ_m (lse[m] − z[m,target[m]])
//   backward_logits  dz[v,m] = scale (exp(z[m,v] − lse[m]) − [v = target[m]]) for one tile of the vocabulary
//   backward_input   dx[m,k] (+)= Σ_v dz[v,m] w[v,k] over that tile
//   backward_weight  dw[v,k] (+)= Σ_m dz[v,m] x[m,k] for that tile
//
// x, dx [run, tokens, width]  w, dw [run, vocabulary, width]  tokens: [run, sequences, context + 1], targets one place on
// parts [run, splits, tokens] of (largest, sum)  target_logit, lse [run, tokens]  dz [run, tile, tokens]  loss [run]
// The header gives Vec, LANES, TILE and COLS = TILE / LANES.

struct Sizes {
	tokens: u32, context: u32, width: u32, vocabulary: u32,
	// forward: words per split; backward: the tile's first word and its number of words
	splits: u32, split_words: u32, first: u32, tile: u32,
	accumulate: u32, scale: f32,
	x_run: u32, w_run: u32, ids_run: u32, parts_run: u32, target_logit_run: u32, lse_run: u32, dz_run: u32, dz_in_run: u32, dx_run: u32, dw_run: u32, loss_run: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<Vec>;
@group(0) @binding(2) var<storage, read> w: array<Vec>;
@group(0) @binding(3) var<storage, read> ids: array<u32>;
@group(0) @binding(4) var<storage, read_write> parts: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> target_logit: array<f32>;
@group(0) @binding(6) var<storage, read_write> lse: array<f32>;
@group(0) @binding(7) var<storage, read_write> loss: array<f32>;
@group(0) @binding(8) var<storage, read_write> dz: array<f32>;
@group(0) @binding(9) var<storage, read> dz_in: array<Vec>;
@group(0) @binding(10) var<storage, read_write> dx: array<Vec>;
@group(0) @binding(11) var<storage, read_write> dw: array<Vec>;

alias Dots = array<array<f32, TILE>, TILE>;
alias Tokens = array<u32, TILE>;

// The tokens of an invocation are `stride` apart, so that neighbours write neighbouring entries.
fn tokens_of(id: u32) -> Tokens {
	let stride = (sizes.tokens + TILE - 1u) / TILE;
	var tokens: Tokens;
	for (var i = 0u; i < TILE; i++) { tokens[i] = id + i * stride; }
	return tokens;
}

fn target_of(run: u32, token: u32) -> u32 {
	return ids[run * sizes.ids_run + token + token / sizes.context + 1u];
}

// z[token, word + j] for the tile of TILE tokens and TILE words; indices past the end repeat the last.
fn logits(run: u32, tokens: Tokens, word: u32) -> Dots {
	let width = sizes.width / LANES;
	var x_at: array<u32, TILE>;
	var w_at: array<u32, TILE>;
	for (var i = 0u; i < TILE; i++) {
		x_at[i] = run * (sizes.x_run / LANES) + min(tokens[i], sizes.tokens - 1u) * width;
		w_at[i] = run * (sizes.w_run / LANES) + min(word + i, sizes.vocabulary - 1u) * width;
	}
	var z: Dots;
	for (var k = 0u; k < width; k++) {
		var a: array<Vec, TILE>;
		for (var i = 0u; i < TILE; i++) { a[i] = x[x_at[i] + k]; }
		for (var j = 0u; j < TILE; j++) {
			let b = w[w_at[j] + k];
			for (var i = 0u; i < TILE; i++) { z[i][j] = add_dot(a[i], b, z[i][j]); }
		}
	}
	return z;
}

// id.y is the split of the vocabulary.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u) {
	let tokens = tokens_of(id.x);
	if (id.x >= (sizes.tokens + TILE - 1u) / TILE) { return; }
	var targets: Tokens;
	for (var i = 0u; i < TILE; i++) { targets[i] = target_of(id.z, min(tokens[i], sizes.tokens - 1u)); }
	var largest: array<f32, TILE>;
	var sum: array<f32, TILE>;
	for (var i = 0u; i < TILE; i++) { largest[i] = -3.0e38; }
	let end = min((id.y + 1u) * sizes.split_words, sizes.vocabulary);
	for (var word = id.y * sizes.split_words; word < end; word += TILE) {
		let z = logits(id.z, tokens, word);
		for (var i = 0u; i < TILE; i++) {
			var top = largest[i];
			for (var j = 0u; j < TILE; j++) { top = max(top, select(-3.0e38, z[i][j], word + j < end)); }
			var add = 0.0;
			for (var j = 0u; j < TILE; j++) { add += select(0.0, exp(z[i][j] - top), word + j < end); }
			sum[i] = sum[i] * exp(largest[i] - top) + add;
			largest[i] = top;
			if (targets[i] >= word && targets[i] < min(word + TILE, end) && tokens[i] < sizes.tokens) {
				var logit = 0.0;
				for (var j = 0u; j < TILE; j++) { logit = select(logit, z[i][j], word + j == targets[i]); }
				target_logit[id.z * sizes.target_logit_run + tokens[i]] = logit;
			}
		}
	}
	for (var i = 0u; i < TILE; i++) {
		if (tokens[i] < sizes.tokens) {
			parts[id.z * (sizes.parts_run / 2u) + id.y * sizes.tokens + tokens[i]] = vec2f(largest[i], sum[i]);
		}
	}
}

var<workgroup> shared_loss: array<f32, 256>;

// One workgroup for each run.
@compute @workgroup_size(256)
fn combine(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
	let run = group.z;
	var total = 0.0;
	for (var token = lane; token < sizes.tokens; token += 256u) {
		var largest = -3.0e38;
		var sum = 0.0;
		for (var split = 0u; split < sizes.splits; split++) {
			let part = parts[run * (sizes.parts_run / 2u) + split * sizes.tokens + token];
			let top = max(largest, part.x);
			sum = sum * exp(largest - top) + part.y * exp(part.x - top);
			largest = top;
		}
		let value = largest + log(sum);
		lse[run * sizes.lse_run + token] = value;
		total += value - target_logit[run * sizes.target_logit_run + token];
	}
	shared_loss[lane] = total;
	for (var half = 128u; half > 0u; half /= 2u) {
		workgroupBarrier();
		if (lane < half) { shared_loss[lane] += shared_loss[lane + half]; }
	}
	if (lane == 0u) {
		let e = run * sizes.loss_run;
		loss[e] = select(0.0, loss[e], sizes.accumulate != 0u) + sizes.scale * shared_loss[0];
	}
}

// id.y counts tiles of words within the range first … first + tile.
@compute @workgroup_size(64)
fn backward_logits(@builtin(global_invocation_id) id: vec3u) {
	let tokens = tokens_of(id.x);
	if (id.x >= (sizes.tokens + TILE - 1u) / TILE) { return; }
	let word = id.y * TILE;
	let z = logits(id.z, tokens, sizes.first + word);
	for (var i = 0u; i < TILE; i++) {
		if (tokens[i] < sizes.tokens) {
			let word_target = target_of(id.z, tokens[i]) - sizes.first;
			let token_lse = lse[id.z * sizes.lse_run + tokens[i]];
			for (var j = 0u; j < TILE; j++) {
				if (word + j < sizes.tile) {
					let share = exp(z[i][j] - token_lse) - select(0.0, 1.0, word + j == word_target);
					dz[id.z * sizes.dz_run + (word + j) * sizes.tokens + tokens[i]] = sizes.scale * share;
				}
			}
		}
	}
}

@compute @workgroup_size(64)
fn backward_input(@builtin(global_invocation_id) id: vec3u) {
	let width = sizes.width / LANES;
	let tokens = sizes.tokens / LANES;
	let across = (width + COLS - 1u) / COLS;
	let column = id.x % across * COLS;
	let token = id.x / across * COLS;
	if (token >= tokens) { return; }
	var dz_at: array<u32, COLS>;
	var w_at: array<u32, COLS>;
	for (var j = 0u; j < COLS; j++) {
		dz_at[j] = id.z * (sizes.dz_in_run / LANES) + min(token + j, tokens - 1u);
		w_at[j] = id.z * (sizes.w_run / LANES) + sizes.first * width + min(column + j, width - 1u);
	}
	var sum: array<array<Vec, COLS>, TILE>;
	for (var v = 0u; v < sizes.tile; v++) {
		var a: array<Vec, COLS>;
		for (var j = 0u; j < COLS; j++) { a[j] = dz_in[dz_at[j] + v * tokens]; }
		for (var j = 0u; j < COLS; j++) {
			let b = w[w_at[j] + v * width];
			for (var i = 0u; i < COLS; i++) {
				for (var lane = 0u; lane < LANES; lane++) {
					sum[i * LANES + lane][j] = fma(Vec(at(a[i], lane)), b, sum[i * LANES + lane][j]);
				}
			}
		}
	}
	for (var j = 0u; j < COLS; j++) {
		for (var i = 0u; i < TILE; i++) {
			if (token * LANES + i < sizes.tokens && column + j < width) {
				let e = id.z * (sizes.dx_run / LANES) + (token * LANES + i) * width + column + j;
				var value = sum[i][j];
				if (sizes.accumulate != 0u) { value += dx[e]; }
				dx[e] = value;
			}
		}
	}
}

@compute @workgroup_size(64)
fn backward_weight(@builtin(global_invocation_id) id: vec3u) {
	let width = sizes.width / LANES;
	let tokens = sizes.tokens / LANES;
	let across = (width + COLS - 1u) / COLS;
	let column = id.x % across * COLS;
	let word = id.x / across * TILE;
	if (word >= sizes.tile) { return; }
	var dz_at: array<u32, TILE>;
	for (var i = 0u; i < TILE; i++) {
		dz_at[i] = id.z * (sizes.dz_in_run / LANES) + min(word + i, sizes.tile - 1u) * tokens;
	}
	var x_at: array<u32, COLS>;
	for (var j = 0u; j < COLS; j++) { x_at[j] = id.z * (sizes.x_run / LANES) + min(column + j, width - 1u); }
	var sum: array<array<Vec, COLS>, TILE>;
	for (var m = 0u; m < tokens; m++) {
		var a: array<Vec, TILE>;
		for (var i = 0u; i < TILE; i++) { a[i] = dz_in[dz_at[i] + m]; }
		for (var lane = 0u; lane < LANES; lane++) {
			for (var j = 0u; j < COLS; j++) {
				let b = x[x_at[j] + (m * LANES + lane) * width];
				for (var i = 0u; i < TILE; i++) { sum[i][j] = fma(Vec(at(a[i], lane)), b, sum[i][j]); }
			}
		}
	}
	for (var j = 0u; j < COLS; j++) {
		for (var i = 0u; i < TILE; i++) {
			if (word + i < sizes.tile && column + j < width) {
				let e = id.z * (sizes.dw_run / LANES) + (sizes.first + word + i) * width + column + j;
				var value = sum[i][j];
				if (sizes.accumulate != 0u) { value += dw[e]; }
				dw[e] = value;
			}
		}
	}
}
