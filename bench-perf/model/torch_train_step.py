"""The model of train-step.bench.ts in PyTorch, one training step at a time: a fair peer on the same cores.

Run: OPENBLAS_CORETYPE=SkylakeX python3 bench-perf/model/torch_train_step.py [--steps 12] [--batch 16] [--tokens 128] [--lora 0] [--threads 2]
(Debian's OpenBLAS does not know new processors and falls back to a kernel of 2004; name the nearest it knows.)
"""
import argparse
import json
import math
import statistics
import time

import torch
import torch.nn.functional as F

arguments = argparse.ArgumentParser()
for name, default in [("steps", 12), ("batch", 16), ("tokens", 128), ("lora", 0), ("threads", 2)]:
    arguments.add_argument(f"--{name}", type=int, default=default)
options = arguments.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(1)
torch.set_flush_denormal(True)

V, D, INNER, LAYERS, HEADS, KEY_HEADS, SIZE = 4096, 256, 704, 6, 8, 2, 32


class Linear(torch.nn.Module):
    def __init__(self, inputs, outputs, bias=False):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(outputs, inputs) * 0.02, requires_grad=options.lora == 0)
        self.bias = torch.nn.Parameter(torch.zeros(outputs), requires_grad=options.lora == 0) if bias else None
        if options.lora:
            self.a = torch.nn.Parameter(torch.randn(options.lora, inputs) / math.sqrt(inputs))
            self.b = torch.nn.Parameter(torch.zeros(outputs, options.lora))

    def forward(self, x):
        y = F.linear(x, self.weight, self.bias)
        return y + F.linear(F.linear(x, self.a), self.b) if options.lora else y


class Norm(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(D), requires_grad=options.lora == 0)

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


def rotate(x, cosines, sines):
    half = SIZE // 2
    return x * cosines + torch.cat([-x[..., half:], x[..., :half]], -1) * sines


class Layer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.n2 = Norm(), Norm()
        self.q, self.k, self.v = Linear(D, HEADS * SIZE, True), Linear(D, KEY_HEADS * SIZE, True), Linear(D, KEY_HEADS * SIZE, True)
        self.o, self.gate, self.up, self.down = Linear(HEADS * SIZE, D), Linear(D, INNER), Linear(D, INNER), Linear(INNER, D)

    def forward(self, x, cosines, sines, mask):
        batch, tokens, _ = x.shape
        h = self.n1(x)
        heads = lambda y, n: y.view(batch, tokens, n, SIZE).transpose(1, 2)
        q, k, v = rotate(heads(self.q(h), HEADS), cosines, sines), rotate(heads(self.k(h), KEY_HEADS), cosines, sines), heads(self.v(h), KEY_HEADS)
        k, v = k.repeat_interleave(HEADS // KEY_HEADS, 1), v.repeat_interleave(HEADS // KEY_HEADS, 1)
        shares = F.softmax(q @ k.transpose(-1, -2) / math.sqrt(SIZE) + mask, -1)
        x = x + self.o((shares @ v).transpose(1, 2).reshape(batch, tokens, HEADS * SIZE))
        h = self.n2(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.table = torch.nn.Parameter(torch.randn(V, D) * 0.02, requires_grad=options.lora == 0)
        self.layers = torch.nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = Norm()

    def forward(self, ids):
        tokens = ids.shape[1]
        angles = torch.arange(tokens)[:, None] * 10000 ** (-torch.arange(0, SIZE, 2) / SIZE)
        angles = torch.cat([angles, angles], -1)
        mask = torch.full((tokens, tokens), -1e9).triu(1)
        x = F.embedding(ids, self.table)
        for layer in self.layers:
            x = layer(x, angles.cos(), angles.sin(), mask)
        return F.linear(self.norm(x), self.table)


model = Model()
trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=1e-3, weight_decay=0.0)
rows = []
for b in range(options.batch):
    x = (b * 37 + 11) % V
    row = []
    for _ in range(options.tokens):
        x = (x * 5 + 17) % V
        row.append(x)
    rows.append(row)
ids = torch.tensor(rows)
times, cpu_times, losses = [], [], []
for _ in range(options.steps):
    before, cpu_before = time.perf_counter(), time.process_time()
    optimizer.zero_grad()
    logits = model(ids)[:, :-1]
    loss = F.cross_entropy(logits.reshape(-1, V), ids[:, 1:].reshape(-1))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    times.append((time.perf_counter() - before) * 1000)
    cpu_times.append((time.process_time() - cpu_before) * 1000)
    losses.append(loss.item())
print(json.dumps({
    "torch": torch.__version__, "batch": options.batch, "tokens": options.tokens, "rank": options.lora, "threads": options.threads,
    "trained": sum(parameter.numel() for parameter in trained),
    "medianMs": round(statistics.median(times[2:])), "medianCpuMs": round(statistics.median(cpu_times[2:])),
    "bestMs": round(min(times)), "firstLoss": losses[0], "lastLoss": losses[-1],
}))
