// Causal attention of a pack with grouped queries (Ainslie et al. 2023); the scores are never stored (Dao et al. 2022).
//   forward         s[i,j] = scale q[i]·k[j] for j ≤ i,  lse[i] = ln Σ_j exp s[i,j],  o[i] = Σ_j exp(s[i,j] − lse[i]) v[j]
//   backward_query  delta[i] = do[i]·o[i],  ds[i,j] = p[i,j] (do[i]·v[j] − delta[i]),  dq[i] = scale Σ_j ds[i,j] k[j]
//   backward_key    dk[j] = scale Σ_i ds[i,j] q[i],  dv[j] = Σ_i p[i,j] do[i],  with p[i,j] = exp(s[i,j] − lse[i]),
//                   over all heads of queries that share the key
//
// qkv, dqkv [run, (heads + 2·key_heads)·head_size, tokens'] (q, then k, then v)  o, do [run, heads·head_size, tokens']
// lse, delta [run, heads, tokens']. Sequences follow one another along the tokens; padding is never written.
//
// The kernels are in attention-direct.wgsl and attention-large.wgsl. Their header gives SHARED (queries that share a key), and how
// four positions are read and written: at once if the context is a multiple of 4 (addresses count quads: UNIT = 4 entries, a quad
// is STEP = 1), otherwise one by one (UNIT = 1, STEP = 4). Entry and QkvEntry are the types of what is read.

struct Sizes {
	context: u32, heads: u32, key_heads: u32, head_size: u32, scale: f32,
	// tokens' and context in units, sequences
	across: u32, sequence: u32, sequences: u32,
	qkv_run: u32, o_run: u32, lse_run: u32, d_o_run: u32, dqkv_run: u32, delta_run: u32,
	origin_x: u32, origin_y: u32, origin_z: u32,
}
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> qkv: array<QkvEntry>;
@group(0) @binding(2) var<storage, read_write> o: array<Entry>;
@group(0) @binding(3) var<storage, read_write> lse: array<Entry>;
@group(0) @binding(4) var<storage, read> d_o: array<Entry>;
@group(0) @binding(5) var<storage, read_write> delta: array<Entry>;
@group(0) @binding(6) var<storage, read_write> dqkv: array<Entry>;

// The first workgroup of this piece of the dispatch: see src/gpu/pieces.ts.
fn origin() -> vec3u { return vec3u(sizes.origin_x, sizes.origin_y, sizes.origin_z); }

const NEVER = -3.0e38;

// What turned_back makes of a pair of gradients: see rotary.wgsl.
alias Turned = array<vec4f, 2>;

// The row of a query, key or value head's first entry, of o's, and of lse's.
fn row_q(run: u32, head: u32) -> u32 { return run * (sizes.qkv_run / UNIT) + head * sizes.head_size * sizes.across; }
fn row_k(run: u32, head: u32) -> u32 { return row_q(run, sizes.heads + head); }
fn row_v(run: u32, head: u32) -> u32 { return row_q(run, sizes.heads + sizes.key_heads + head); }
fn row_o(run: u32, head: u32) -> u32 { return run * (sizes.o_run / UNIT) + head * sizes.head_size * sizes.across; }
fn row_d_o(run: u32, head: u32) -> u32 { return run * (sizes.d_o_run / UNIT) + head * sizes.head_size * sizes.across; }
fn row_lse(run: u32, head: u32) -> u32 { return run * (sizes.lse_run / UNIT) + head * sizes.across; }
fn row_delta(run: u32, head: u32) -> u32 { return run * (sizes.delta_run / UNIT) + head * sizes.across; }
fn row_dqkv(run: u32, head: u32) -> u32 { return run * (sizes.dqkv_run / UNIT) + head * sizes.head_size * sizes.across; }
