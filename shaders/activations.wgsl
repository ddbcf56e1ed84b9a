// Activation functions and their derivatives, entry by entry. This text precedes a kernel that applies one.
//   gelu(u)  = u/2 (1 + tanh(√(2/π) (u + 0.044715 u³)))   (Hendrycks & Gimpel 2016)
//   relu2(u) = max(0, u)²                                  (So et al. 2021)
//   silu(u)  = u / (1 + exp(−u))                           (Elfwing et al. 2017)

// tanh(±10) is ±1 in 32 bits; some drivers' tanh overflows far outside.
fn bounded_tanh(v: vec4f) -> vec4f { return tanh(clamp(v, vec4f(-10.0), vec4f(10.0))); }

fn gelu(u: vec4f) -> vec4f { return 0.5 * u * (1.0 + bounded_tanh(0.7978845608 * (u + 0.044715 * u * u * u))); }

fn gelu_slope(u: vec4f) -> vec4f {
	let t = bounded_tanh(0.7978845608 * (u + 0.044715 * u * u * u));
	return 0.5 * (1.0 + t) + 0.5 * u * (1.0 - t * t) * 0.7978845608 * (1.0 + 3.0 * 0.044715 * u * u);
}

fn relu2(u: vec4f) -> vec4f {
	let v = max(u, vec4f(0.0));
	return v * v;
}

fn relu2_slope(u: vec4f) -> vec4f { return 2.0 * max(u, vec4f(0.0)); }

// exp(80) is finite in 32 bits, and so are its products with any u that reaches the clamp.
fn logistic(u: vec4f) -> vec4f { return 1.0 / (1.0 + exp(clamp(-u, vec4f(-80.0), vec4f(80.0)))); }

fn silu(u: vec4f) -> vec4f { return u * logistic(u); }

fn silu_slope(u: vec4f) -> vec4f {
	let s = logistic(u);
	return s * (1.0 + u * (1.0 - s));
}
