// Gated unit of a pack (Shazeer 2020), between the two matrices of a feed-forward layer:
//   y[k,m] = activation(u[k,m]) u[hidden + k,m];  linear.wgsl has its backward pass
// u [run, 2·hidden, tokens'], the gate first  y [run, hidden, tokens']. An invocation has four tokens, group.y is k.
// The header gives WORKGROUP (invocations), activation, and StoredU and StoredY, the types that u and y are stored as.

struct Sizes { hidden: u32, columns: u32, u_run: u32, y_run: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> u: array<StoredU>;
@group(0) @binding(2) var<storage, read_write> y: array<StoredY>;

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(workgroup_id) group: vec3u) {
	if (id.x >= sizes.columns) { return; }
	let at = group.y * sizes.columns + id.x;
	let gate = group.z * (sizes.u_run / 4u) + at;
	let value = activation(vec4f(u[gate])) * vec4f(u[gate + sizes.hidden * sizes.columns]);
	y[group.z * (sizes.y_run / 4u) + at] = StoredY(value);
}
