"""
Trains five tiny transformers and an LSTM with PyTorch's autograd in float64 and writes each as a trace that `isoflop verify` repeats:
GPT-2 (layer norm, learned positions, tanh GELU, biases), Llama (RMS norm, rotary positions, SwiGLU, no biases), and a language
model of PyTorch's own LSTM layers, with their first bias alone. One trains by Muon, the others by AdamW.

    python3 test/reference/make-traces.py [folder]        (PyTorch 1.13 or later with NumPy, CPU only)

Weights have Hugging Face's names and shapes: GPT-2's matrices are [inputs, outputs], Llama's [outputs, inputs]. An LSTM's have
isoflop's names, and are [inputs, outputs].
Vocabularies and numbers of tokens do not fill the kernels' tiles, and the clip lies between the smallest and the largest
gradient norm of each trace.
"""

import json
import pathlib
import struct
import sys

import torch
from torch.nn import functional as F

SHARED = {"steps": 20, "seed": 1, "lr": 0.004, "wd": 0.5, "beta1": 0.9, "beta2": 0.95, "eps": 1e-08}
GPT2 = {**SHARED, "arch": "gpt2"}
LLAMA = {**SHARED, "arch": "llama"}
LSTM = {**SHARED, "arch": "lstm"}
TRACES = {
    "gpt2-tied": {
        **{**GPT2, "d": 20, "heads": 5, "kv_heads": 5, "layers": 2, "ffn": 80, "vocab": 101, "ctx": 14, "batch": 5},
        **{"untied": False, "clip": 1.0},
    },
    "gpt2-untied": {
        **{**GPT2, "d": 12, "heads": 2, "kv_heads": 2, "layers": 3, "ffn": 48, "vocab": 67, "ctx": 11, "batch": 2},
        **{"untied": True, "clip": 1.0},
    },
    "llama-gqa": {
        **{**LLAMA, "d": 24, "heads": 6, "kv_heads": 2, "layers": 2, "ffn": 44, "vocab": 53, "ctx": 9, "batch": 3},
        **{"untied": False, "clip": 3.0},
    },
    "llama-untied": {
        **{**LLAMA, "d": 16, "heads": 2, "kv_heads": 2, "layers": 2, "ffn": 44, "vocab": 101, "ctx": 17, "batch": 4},
        **{"untied": True, "clip": 1.5},
    },
    "lstm": {
        **{**LSTM, "d": 14, "layers": 2, "vocab": 67, "ctx": 11, "batch": 5},
        **{"untied": False, "clip": 0.22},
    },
    "llama-muon": {
        **{**LLAMA, "d": 16, "heads": 4, "kv_heads": 2, "layers": 2, "ffn": 36, "vocab": 61, "ctx": 10, "batch": 3},
        **{"untied": False, "clip": 2.0, "optimizer": "muon"},
    },
}


def initial_weights(s):
    """Random weights that float32 holds exactly; gains and biases are random, too, so that each of them matters."""
    d = s["d"]
    weights = {}

    def add(name, *shape, deviation=0.1, mean=0.0):
        values = mean + deviation * torch.randn(*shape, dtype=torch.float64)
        weights[name] = values.float().double().requires_grad_()

    def norm(name):
        add(f"{name}.weight", d, mean=1.0)
        if s["arch"] == "gpt2":
            add(f"{name}.bias", d)

    if s["arch"] == "gpt2":
        add("transformer.wte.weight", s["vocab"], d)
        add("transformer.wpe.weight", s["ctx"], d)
        for layer in range(s["layers"]):
            block = f"transformer.h.{layer}"
            for name, inputs, outputs in [
                ("attn.c_attn", d, 3 * d),
                ("attn.c_proj", d, d),
                ("mlp.c_fc", d, s["ffn"]),
                ("mlp.c_proj", s["ffn"], d),
            ]:
                add(f"{block}.{name}.weight", inputs, outputs, deviation=0.2)
                add(f"{block}.{name}.bias", outputs)
            norm(f"{block}.ln_1")
            norm(f"{block}.ln_2")
        norm("transformer.ln_f")
    elif s["arch"] == "lstm":
        add("wte.weight", s["vocab"], d, deviation=0.5)
        for layer in range(s["layers"]):
            add(f"h.{layer}.lstm.input.weight", d, 4 * d, deviation=0.5)
            add(f"h.{layer}.lstm.input.bias", 4 * d)
            add(f"h.{layer}.lstm.recurrent.weight", d, 4 * d, deviation=0.5)
    else:
        ffn, kv = s["ffn"], d // s["heads"] * s["kv_heads"]
        add("model.embed_tokens.weight", s["vocab"], d)
        for layer in range(s["layers"]):
            block = f"model.layers.{layer}"
            for name, outputs, inputs in [
                ("self_attn.q_proj", d, d),
                ("self_attn.k_proj", kv, d),
                ("self_attn.v_proj", kv, d),
                ("self_attn.o_proj", d, d),
                ("mlp.gate_proj", ffn, d),
                ("mlp.up_proj", ffn, d),
                ("mlp.down_proj", d, ffn),
            ]:
                add(f"{block}.{name}.weight", outputs, inputs, deviation=0.2)
            norm(f"{block}.input_layernorm")
            norm(f"{block}.post_attention_layernorm")
        norm("model.norm")
    if s["untied"]:
        add("lm_head.weight", s["vocab"], d)
    return weights


def attention(q, k, v):
    """Causal attention of q [batch, heads, ctx, size] to k, v [batch, kv_heads, ctx, size] -> [batch, ctx, heads * size]."""
    batch, heads, ctx, size = q.shape
    k, v = (x.repeat_interleave(heads // k.shape[1], dim=1) for x in (k, v))
    scores = q @ k.transpose(-1, -2) / size**0.5
    later = torch.ones(ctx, ctx, dtype=torch.bool).triu(1)
    out = scores.masked_fill(later, float("-inf")).softmax(-1) @ v
    return out.transpose(1, 2).reshape(batch, ctx, heads * size)


def split(x, heads):
    """[batch, ctx, heads * size] -> [batch, heads, ctx, size]"""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def rotate(x):
    """Rotary positions, theta 10,000; the pairs are entry i of the first half and entry i of the second."""
    ctx, size = x.shape[-2:]
    frequencies = 10000.0 ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    angles = torch.outer(torch.arange(ctx, dtype=torch.float64), frequencies)
    first, second = x.chunk(2, dim=-1)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)


def gpt2(s, w, tokens):
    def norm(x, name):
        return F.layer_norm(x, (s["d"],), w[f"{name}.weight"], w[f"{name}.bias"], 1e-5)

    def linear(x, name):
        return x @ w[f"{name}.weight"] + w[f"{name}.bias"]

    x = w["transformer.wte.weight"][tokens] + w["transformer.wpe.weight"]
    for layer in range(s["layers"]):
        block = f"transformer.h.{layer}"
        q, k, v = linear(norm(x, f"{block}.ln_1"), f"{block}.attn.c_attn").chunk(3, dim=-1)
        x = x + linear(attention(*(split(part, s["heads"]) for part in (q, k, v))), f"{block}.attn.c_proj")
        u = linear(norm(x, f"{block}.ln_2"), f"{block}.mlp.c_fc")
        gelu = 0.5 * u * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (u + 0.044715 * u**3)))
        x = x + linear(gelu, f"{block}.mlp.c_proj")
    head = w["lm_head.weight"] if s["untied"] else w["transformer.wte.weight"]
    return norm(x, "transformer.ln_f") @ head.T


def llama(s, w, tokens):
    def norm(x, name):
        return x * (x.pow(2).mean(-1, keepdim=True) + 1e-5).rsqrt() * w[f"{name}.weight"]

    def linear(x, name):
        return x @ w[f"{name}.weight"].T

    x = w["model.embed_tokens.weight"][tokens]
    for layer in range(s["layers"]):
        block = f"model.layers.{layer}"
        y = norm(x, f"{block}.input_layernorm")
        q = rotate(split(linear(y, f"{block}.self_attn.q_proj"), s["heads"]))
        k = rotate(split(linear(y, f"{block}.self_attn.k_proj"), s["kv_heads"]))
        v = split(linear(y, f"{block}.self_attn.v_proj"), s["kv_heads"])
        x = x + linear(attention(q, k, v), f"{block}.self_attn.o_proj")
        y = norm(x, f"{block}.post_attention_layernorm")
        gated = F.silu(linear(y, f"{block}.mlp.gate_proj")) * linear(y, f"{block}.mlp.up_proj")
        x = x + linear(gated, f"{block}.mlp.down_proj")
    head = w["lm_head.weight"] if s["untied"] else w["model.embed_tokens.weight"]
    return norm(x, "model.norm") @ head.T


def lstm(s, w, tokens):
    x = w["wte.weight"][tokens]
    zeros = torch.zeros(s["layers"], len(x), s["d"], dtype=torch.float64)
    weights = []
    for layer in range(s["layers"]):
        block = f"h.{layer}.lstm"
        bias = w[f"{block}.input.bias"]
        weights += [w[f"{block}.input.weight"].T, w[f"{block}.recurrent.weight"].T, bias, torch.zeros_like(bias)]
    # The function behind torch.nn.LSTM: biases, layers, no dropout, in training, in one direction, batch first.
    h, _, _ = torch.lstm(x, (zeros, zeros), weights, True, s["layers"], 0.0, True, False, True)
    return h @ w["wte.weight"].T


MODELS = {"gpt2": gpt2, "llama": llama, "lstm": lstm}


def newton_schulz(x):
    """About U V^T of x = U S V^T, by five quintic iterations (Jordan et al. 2024)."""
    if x.shape[0] > x.shape[1]:
        return newton_schulz(x.T).T
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        gram = x @ x.T
        x = 3.4445 * x + (-4.7750 * gram + 2.0315 * gram @ gram) @ x
    return x


class Muon(torch.optim.Optimizer):
    """Muon with Nesterov momentum, and steps scaled to the size of AdamW's (Liu et al. 2025)."""

    def __init__(self, params, lr, momentum, weight_decay):
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                buffer = self.state[p].setdefault("buffer", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1 - group["momentum"])
                update = p.grad.lerp(buffer, group["momentum"])
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(group["lr"] * 0.2 * max(p.shape) ** 0.5 * newton_schulz(update))


def optimizers(s, w):
    """AdamW for all weights or, beside Muon for the matrices inside the blocks, for the others."""
    is_muon = s.get("optimizer") == "muon"
    hidden = {name for name, values in w.items() if is_muon and ".layers." in name and values.ndim >= 2}
    decayed = [values for name, values in w.items() if values.ndim >= 2 and name not in hidden]
    others = [values for values in w.values() if values.ndim < 2]
    adamw = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": s["wd"]}, {"params": others, "weight_decay": 0.0}],
        lr=s["lr"],
        betas=(s["beta1"], s["beta2"]),
        eps=s["eps"],
    )
    return [adamw] + ([Muon([w[name] for name in hidden], s["lr"], s["beta1"], s["wd"])] if is_muon else [])


def train(s):
    """The tensors of a trace, by name."""
    torch.manual_seed(s["seed"])
    w = initial_weights(s)
    # A token is often followed by the one 7 places on, so that there is something to learn.
    shape = (s["steps"], s["batch"], s["ctx"] + 1)
    chain = 7 * torch.arange(s["ctx"] + 1) + torch.randint(s["vocab"], shape[:2] + (1,))
    random = torch.randint(s["vocab"], shape)
    tokens = torch.where(torch.rand(shape) < 0.7, chain % s["vocab"], random)

    model = MODELS[s["arch"]]
    steppers = optimizers(s, w)
    trace = {f"init.{name}": values.detach().clone().float() for name, values in w.items()}
    losses, norms = [], []
    for step in range(s["steps"]):
        for values in w.values():
            values.grad = None
        logits = model(s, w, tokens[step, :, :-1])
        loss = F.cross_entropy(logits.flatten(0, 1), tokens[step, :, 1:].flatten())
        loss.backward()
        if step == 0:
            trace.update({f"grads.{name}": values.grad.clone().float() for name, values in w.items()})
        losses.append(loss.item())
        norms.append(torch.nn.utils.clip_grad_norm_(w.values(), s["clip"]).item())
        for stepper in steppers:
            stepper.step()
    trace.update({f"final.{name}": values.detach().float() for name, values in w.items()})
    trace["tokens"] = tokens.int()
    trace["loss"] = torch.tensor(losses, dtype=torch.float64)
    trace["grad_norm"] = torch.tensor(norms, dtype=torch.float64)
    return trace


def write_safetensors(path, tensors, metadata):
    """8 bytes with the length of the header, the header as JSON, the tensors' bytes; all little-endian."""
    dtypes = {torch.float64: "F64", torch.float32: "F32", torch.int32: "I32"}
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in sorted(tensors.items(), key=lambda item: (-item[1].element_size(), item[0])):
        values = tensor.contiguous().numpy().tobytes()
        offsets = [len(data), len(data) + len(values)]
        header[name] = {"dtype": dtypes[tensor.dtype], "shape": list(tensor.shape), "data_offsets": offsets}
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    # One thread, so that sums are taken in the same order everywhere.
    torch.set_num_threads(1)
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "data" / "traces")
    for name, settings in TRACES.items():
        trace = train(settings)
        metadata = {
            **{key: str(value) for key, value in settings.items()},
            "oracle": f"PyTorch {torch.__version__} autograd, float64, CPU",
            "weight_decay_on": "tensors of 2 or more dimensions",
            "loss": "mean over the tokens of the batch, natural log",
        }
        path = folder / f"{name}.safetensors"
        write_safetensors(path, trace, metadata)
        losses, norms = trace["loss"].tolist(), trace["grad_norm"].tolist()
        print(
            f"{path}: {path.stat().st_size:,} bytes, loss {losses[0]:.3f} to {losses[-1]:.3f}, "
            f"gradient norm {min(norms):.2f} to {max(norms):.2f}"
        )


if __name__ == "__main__":
    main()
