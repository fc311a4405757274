"""The peer of train-step.bench.ts: the same Beat, the same weights and batch, one training step a line of stdin.

Usage (the benchmark starts it): OPENBLAS_CORETYPE=SkylakeX OMP_NUM_THREADS=2 /usr/bin/python3 pytorch-step.py <folder> <threads>
<folder> holds config.json, weights.safetensors, signal.npy, future.npy. Debian: apt install python3-torch libopenblas0-pthread
(OpenBLAS 0.3.21 does not know newer processors and falls back to a slow kernel unless OPENBLAS_CORETYPE is set).
"""
import json
import math
import struct
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
torch.set_flush_denormal(True)
C = json.load(open(f"{folder}/config.json"))
L, D, Q, P = C["leadCount"], C["dimension"], C["queryCount"], C["patchSamples"]
H, HS, K = C["headCount"], C["headSize"], C["codebookSize"]
PAST, AHEAD = C["inputSamples"] // P, C["predictionSamples"] // P


def read_safetensors(path):
    data = open(path, "rb").read()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    out = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        array = np.frombuffer(data[8 + size + start : 8 + size + end], dtype=np.float32)
        out[name] = torch.from_numpy(array.reshape(entry["shape"]).copy())
    return out


stored = read_safetensors(f"{folder}/weights.safetensors")
LEVELS = ["core", "residual"][: C["codebookLevels"]]
EMA = C["codebookUpdate"] == "ema"
state = {n: t for n, t in stored.items() if EMA and n.startswith("codebook.")}
# Linear layers in PyTorch's own layout (outputs, inputs).
MATRICES = {n for n in stored if n.endswith(".weight") and stored[n].dim() == 2}
W = {
    n: torch.nn.Parameter(t.t().contiguous() if n in MATRICES else t)
    for n, t in stored.items()
    if n not in state
}


def linear(x, name):
    return F.linear(x, W[f"{name}.weight"], W.get(f"{name}.bias"))


def norm(x, name):
    return F.layer_norm(x, (D,), W[f"{name}.weight"], W[f"{name}.bias"])


def transformer(x, name, layers):
    for i in range(layers):
        p = f"{name}.layers.{i}"
        b, t, _ = x.shape
        qkv = linear(norm(x, f"{p}.attention_norm"), f"{p}.attention.qkv")
        q, k, v = (part.view(b, t, H, HS).transpose(1, 2) for part in qkv.chunk(3, dim=2))
        mixed = torch.softmax((q * HS**-0.5) @ k.transpose(2, 3), dim=-1) @ v
        x = x + linear(mixed.transpose(1, 2).reshape(b, t, H * HS), f"{p}.attention.output")
        up = F.gelu(linear(norm(x, f"{p}.feed_forward_norm"), f"{p}.feed_forward.up"))
        x = x + linear(up, f"{p}.feed_forward.down")
    return x


def patches(x):
    b, leads, n = x.shape
    return x.view(b, leads, n // P, P).transpose(1, 2).reshape(b, n // P, leads * P)


def unpatches(x):
    b, n, _ = x.shape
    return x.view(b, n, L, P).transpose(1, 2).reshape(b, L, n * P)


def encode(signal):
    embedded = linear(patches(signal), "encoder.patch")
    start = W["encoder.queries"].expand(signal.shape[0], Q, D)
    if C["queriesStartFromPatches"]:
        start = start + embedded.view(-1, Q, PAST // Q, D).mean(2)
    x = transformer(torch.cat([embedded + W["encoder.positions"], start], 1), "encoder", C["encoderLayers"])
    vectors = x[:, PAST:]
    if C["vectorScale"] is None:
        return norm(vectors, "encoder.norm")
    return F.layer_norm(vectors, (D,)) * C["vectorScale"]


def quantise(rows):
    left, total, loss = rows, 0, 0
    for name in LEVELS:
        codes = state[f"codebook.{name}"] if EMA else W[f"codebook.{name}"]
        with torch.no_grad():
            index = torch.argmin((codes * codes).sum(1) - 2 * left @ codes.t(), dim=1)
        chosen = codes[index]
        loss = loss + F.mse_loss(chosen, left.detach()) + C["commitment"] * F.mse_loss(left, chosen.detach())
        if EMA:
            with torch.no_grad():
                decay = C["emaDecay"]
                counts, sums = state[f"codebook.{name}.counts"], state[f"codebook.{name}.sums"]
                fresh = torch.zeros_like(sums).index_add_(0, index, left.detach())
                number = torch.bincount(index, minlength=K).float()
                counts.mul_(decay).add_(number, alpha=1 - decay)
                sums.mul_(decay).add_(fresh, alpha=1 - decay)
                pending.append((name, (sums + 1e-5 * codes) / (counts + 1e-5).unsqueeze(1)))
        total = total + chosen.detach()
        left = left - chosen.detach()
    return total, loss


pending = []

RATE = C["samplingRateHz"]
STEP = round(0.02 * RATE)
LAGS = [
    lag * STEP
    for lag in range(round(0.3 * RATE / STEP), min(round(2 * RATE / STEP), C["inputSamples"] // STEP // 2) + 1)
]
LONGEST, LENGTH = LAGS[-1] // STEP, C["inputSamples"] // STEP
SHIFT = torch.tensor([[t + LONGEST - lag // STEP for t in range(LENGTH)] for lag in LAGS])
OVERLAP = torch.tensor([LENGTH / (LENGTH - lag / STEP) for lag in LAGS])
AT = torch.tensor(
    [
        [[C["inputSamples"] - lag + ((p * P + t) % lag) for t in range(P)] for lag in LAGS]
        for p in range(AHEAD)
    ]
)


def continue_cycles(reconstruction, hidden):
    past = reconstruction.detach()
    b = past.shape[0]
    coarse = past.view(b, L, LENGTH, STEP).mean(3)
    shifted = F.pad(coarse, (LONGEST, 0)).index_select(2, SHIFT.flatten()).view(b, L, len(LAGS), LENGTH)
    products = (shifted * coarse.unsqueeze(2)).sum((1, 3))
    similarity = products * OVERLAP / (coarse.square().sum((1, 2)) + 1e-3).unsqueeze(1)
    read = F.gelu(linear(similarity, "continuation.read"))
    joint = norm(hidden + read.unsqueeze(1), "continuation.norm")
    shift = linear(F.gelu(linear(joint, "continuation.hidden")), "continuation.shift")
    sharp = W["continuation.sharpness"]
    prior = torch.cat([similarity, torch.full((b, 1), 0.6)], 1).unsqueeze(1) * sharp
    weights = torch.softmax(shift + prior, dim=-1)[:, :, : len(LAGS)]
    # index_select of a contiguous array: an order faster than indexing with a tensor
    continued = past.transpose(1, 2).contiguous().index_select(1, AT.flatten()).view(b, AHEAD, len(LAGS), P * L)
    mixed = (weights.unsqueeze(2) @ continued).view(b, AHEAD, P, L).transpose(2, 3)
    return mixed.reshape(b, AHEAD, L * P) * W["continuation.gain"]


def decode(codes):
    b = codes.shape[0]
    masked = (W["decoder.mask"] + W["decoder.positions"]).expand(b, PAST + AHEAD, D)
    x = transformer(torch.cat([masked, codes + W["decoder.query_positions"]], 1), "decoder", C["decoderLayers"])
    x = norm(x, "decoder.norm")[:, : PAST + AHEAD]
    out = linear(x, "decoder.patch")
    restored = out[:, :PAST]
    if C["directOutput"]:
        restored = restored + linear(codes, "decoder.direct").view(b, PAST, L * P)
    reconstruction = unpatches(restored)
    ahead = out[:, PAST:]
    if C["continueCycles"]:
        ahead = ahead + continue_cycles(reconstruction, x[:, PAST:])
    return reconstruction, unpatches(ahead)


signal = torch.from_numpy(np.load(f"{folder}/signal.npy"))
future = torch.from_numpy(np.load(f"{folder}/future.npy"))
optimizer = torch.optim.AdamW(W.values(), lr=1e-4, weight_decay=0)


def step():
    optimizer.zero_grad(set_to_none=True)
    queries = encode(signal)
    rows = queries.reshape(-1, D)
    vectors, vq = quantise(rows)
    passed = rows + (vectors - rows).detach()
    reconstruction, prediction = decode(passed.view(-1, Q, D))
    weights = C["lossWeights"]
    loss = (
        weights["reconstruction"] * F.mse_loss(reconstruction, signal)
        + weights["prediction"] * F.mse_loss(prediction, future)
        + weights["quantisation"] * vq
    )
    loss.backward()
    torch.nn.utils.clip_grad_norm_(W.values(), 1.0)
    optimizer.step()
    for name, codes in pending:
        state[f"codebook.{name}"].copy_(codes)
    pending.clear()
    return loss.item()


print(json.dumps({"torch": torch.__version__, "parameters": sum(p.numel() for p in W.values())}), flush=True)
for line in sys.stdin:
    started, cpu = time.perf_counter(), time.process_time()
    loss = step()
    ms = 1000 * (time.perf_counter() - started)
    print(json.dumps({"ms": ms, "cpuMs": 1000 * (time.process_time() - cpu), "loss": loss}), flush=True)
