// Gated unit of a pack (Shazeer 2020), between the two matrices of a feed-forward layer:
//   forward   y[k,m] = activation(u[k,m]) u[hidden + k,m]
//   backward  du[k,m] = dy[k,m] u[hidden + k,m] activation'(u[k,m]),  du[hidden + k,m] = dy[k,m] activation(u[k,m])
// u, du [run, 2·hidden, tokens'], the gate first  y, dy [run, hidden, tokens']. An invocation has four tokens, group.y is k.
// The header gives activation, activation_slope, and StoredU and StoredY, what u and y are stored as.

struct Sizes { hidden: u32, columns: u32, u_run: u32, y_run: u32, dy_run: u32, du_run: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> u: array<StoredU>;
@group(0) @binding(2) var<storage, read_write> y: array<StoredY>;
@group(0) @binding(3) var<storage, read> dy: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> du: array<vec4f>;

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
	if (id.x >= sizes.columns) { return; }
	let at = group.y * sizes.columns + id.x;
	let gate = group.z * (sizes.u_run / 4u) + at;
	let value = activation(vec4f(u[gate])) * vec4f(u[gate + sizes.hidden * sizes.columns]);
	y[group.z * (sizes.y_run / 4u) + at] = StoredY(value);
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
	if (id.x >= sizes.columns) { return; }
	let at = group.y * sizes.columns + id.x;
	let gate = group.z * (sizes.u_run / 4u) + at;
	let to = group.z * (sizes.du_run / 4u) + at;
	let d = dy[group.z * (sizes.dy_run / 4u) + at];
	let value = vec4f(u[gate]);
	du[to] = d * vec4f(u[gate + sizes.hidden * sizes.columns]) * activation_slope(value);
	du[to + sizes.hidden * sizes.columns] = d * activation(value);
}
