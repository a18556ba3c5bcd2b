"""The peer of benchmarks/train.cpp: the same decoder in PyTorch, on the same tokens and from the same parameters."""
import json
import math
import sys
import time

import torch
import torch.nn.functional as F

folder = sys.argv[1]
with open(f"{folder}/shapes.json") as file:
    shapes = json.load(file)


def rotated(x, cos, sin):
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]
    return torch.cat((a * cos - b * sin, b * cos + a * sin), -1)


def norm(x, gain, eps):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * gain


class Decoder:
    def __init__(self, shape):
        self.s, self.p, self.layers = shape, {}, []
        flat = torch.frombuffer(bytearray(open(f"{folder}/{shape['name']}.parameters", "rb").read()), dtype=torch.float32)
        for t in shape["tensors"]:
            part = flat[t["offset"]:t["offset"] + t["rows"] * t["columns"]].clone()
            part = part if t["dimensions"] == 1 else part.reshape(t["rows"], t["columns"])
            self.p[t["name"]] = part.requires_grad_()
        half = shape["head_dim"] // 2
        angles = torch.outer(torch.arange(shape["length"], dtype=torch.float64),
                             shape["rope_theta"] ** (-torch.arange(half, dtype=torch.float64) / half))
        self.cos, self.sin = angles.cos().float(), angles.sin().float()
        self.mask = torch.full((shape["length"], shape["length"]), -math.inf).triu(1)
        fused = "blocks.0.attn.qkv.weight" in self.p
        for l in range(shape["num_layers"]):
            names = ([f"blocks.{l}.{n}.weight" for n in ("norm1", "attn.qkv", "attn.proj", "norm2", "ffn.w1", "ffn.w3",
                                                          "ffn.w2")] if fused else
                     [f"model.layers.{l}.{n}.weight" for n in
                      ("input_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
                       "post_attention_layernorm", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj")])
            w = [self.p[n] for n in names]
            self.layers.append((w[0], w[1:2] if fused else w[1:4], *w[-5:]))
        self.table = self.p["token_emb.weight" if fused else "model.embed_tokens.weight"]
        self.last = self.p["norm.weight" if fused else "model.norm.weight"]
        self.head = self.p.get("lm_head.weight", self.table)

    def heads(self, z, count):
        return z.reshape(*z.shape[:2], count, self.s["head_dim"]).transpose(1, 2)

    def loss(self, ids, targets):
        s = self.s
        q_heads, kv_heads, dim = s["num_heads"], s["num_kv_heads"], s["head_dim"]
        x = F.embedding(ids, self.table)
        for norm1, into, out, norm2, gate, up, down in self.layers:
            h = norm(x, norm1, s["norm_eps"])
            if len(into) == 1:
                q, k, v = F.linear(h, into[0]).split([q_heads * dim, kv_heads * dim, kv_heads * dim], -1)
            else:
                q, k, v = (F.linear(h, w) for w in into)
            q, k = rotated(self.heads(q, q_heads), self.cos, self.sin), rotated(self.heads(k, kv_heads), self.cos, self.sin)
            v = self.heads(v, kv_heads)
            if kv_heads != q_heads:
                k, v = (t.repeat_interleave(q_heads // kv_heads, 1) for t in (k, v))
            p = F.softmax(q @ k.transpose(-1, -2) / math.sqrt(dim) + self.mask, -1)
            x = x + F.linear((p @ v).transpose(1, 2).flatten(2), out)
            h = norm(x, norm2, s["norm_eps"])
            x = x + F.linear(F.silu(F.linear(h, gate)) * F.linear(h, up), down)
        logits = F.linear(norm(x, self.last, s["norm_eps"]), self.head)
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)


def run(shape):
    model = Decoder(shape)
    ids = torch.frombuffer(bytearray(open(f"{folder}/{shape['name']}.ids", "rb").read()), dtype=torch.int32)
    ids = ids.long().reshape(-1, shape["length"])
    targets = torch.full_like(ids, -100)
    targets[:, :-1] = ids[:, 1:]
    optimizer = torch.optim.AdamW(model.p.values(), lr=shape["learning_rate"], betas=(0.9, 0.95), eps=1e-8,
                                  weight_decay=0.0)
    losses, out = [], []

    def step():
        optimizer.zero_grad()
        loss = model.loss(ids, targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    for _ in range(shape["steps"]):
        losses.append(step())
    for threads in shape["threads"]:
        torch.set_num_threads(threads)
        step()
        best, wall = math.inf, 0.0
        while wall < shape["seconds"]:
            start = time.perf_counter()
            step()
            best, wall = min(best, time.perf_counter() - start), wall + time.perf_counter() - start
        out.append(best)
    return {"losses": losses, "seconds": out}


torch.set_num_threads(1)
json.dump({"version": torch.__version__, "shapes": [run(s) for s in shapes]}, sys.stdout)
