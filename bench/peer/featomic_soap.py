"""Selected λ-SOAP features and norms from featomic's spherical expansion and numpy, one thread.

Reads one JSON line {"structures": [{"species", "positions", "cell"}], "settings", "selected"} (lengths in bohr;
"selected": for each λ rows of l1, q1, l2, q2; "coupling": real Clebsch-Gordan coefficients as nested lists by
"l1,l2,λ"), then answers each line "run" with the processor seconds of both parts. "check": random features and norms.
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[name] = "1"

import json
import sys
import time

import ase
import numpy as np
from featomic import SphericalExpansion

job = json.loads(sys.stdin.readline())
settings = job["settings"]
nmax, lmax, species = settings["nmax"], settings["lmax"], settings["species"]
coupling = {key: np.array(value) for key, value in job["coupling"].items()}
selected = [np.array(rows) for rows in job["selected"]]
frames = [
    ase.Atoms(s["species"], s["positions"], cell=s["cell"], pbc=s["cell"] is not None) for s in job["structures"]
]
density = {"type": "Gaussian", "width": settings["sigma"], "center_atom_weight": 1.0}
if settings["scaling"]:
    density["scaling"] = {
        "type": "Willatt2018",
        "exponent": settings["scaling"]["exponent"],
        "rate": 1.0,
        "scale": settings["scaling"]["radius"],
    }
calculator = SphericalExpansion(
    cutoff={"radius": settings["cutoffRadius"], "smoothing": {"type": "ShiftedCosine", "width": settings["smoothing"]}},
    density=density,
    basis={"type": "TensorProduct", "max_angular": lmax, "radial": {"type": "Gto", "max_radial": nmax - 1}},
)
first = np.cumsum([0] + [len(f) for f in frames])


def expansion():
    """Per l: [atoms, 2l+1, channels]."""
    x = [np.zeros((first[-1], 2 * l + 1, len(species) * nmax)) for l in range(lmax + 1)]
    for key, block in calculator.compute(frames).items():
        if key["neighbor_type"] not in species:
            continue
        rows = first[block.samples["system"]] + block.samples["atom"]
        q = species.index(key["neighbor_type"]) * nmax
        x[key["o3_lambda"]][rows, :, q : q + nmax] = block.values
    return x


ATOMS = int(os.environ.get("ATOMS", 32))  # at once: what they need stays in the cache
CHANNELS = len(species) * nmax


def plan(lam):
    """By (l1, l2): coupling coefficients, the channels in use, position of each feature among their pairs, weights."""
    rows = selected[lam]
    result = []
    for l1, l2 in sorted({(a, b) for a, _, b, _ in rows.tolist()}):
        columns = np.nonzero((rows[:, 0] == l1) & (rows[:, 2] == l2))[0]
        assert np.array_equal(columns, np.arange(columns[0], columns[-1] + 1))
        left, a = np.unique(rows[columns, 1], return_inverse=True)
        right, b = np.unique(rows[columns, 3], return_inverse=True)
        weights = np.where((l1 == l2) & (rows[columns, 1] == rows[columns, 3]), 1.0, np.sqrt(2))
        c = coupling[f"{l1},{l2},{lam}"].reshape(-1, 2 * l2 + 1)  # [μ m1, m2]
        result.append((l1, l2, slice(columns[0], columns[-1] + 1), left, right, a * len(right) + b, weights, c))
    return result


plans = [plan(lam) for lam in range(len(selected))]
room = np.empty(ATOMS * 9 * 13 * CHANNELS)
pairs_room = np.empty(ATOMS * 9 * CHANNELS**2)
taken_room = np.empty(ATOMS * 9 * max(len(rows) for rows in selected))
buffers = [np.empty((ATOMS, 2 * lam + 1, len(rows))) for lam, rows in enumerate(selected)]


def features(x, lam):
    """[atoms, 2λ+1, selected]: for each (l1, l2) all pairs of the channels in use by one batched product, then those that are selected."""
    atoms = len(x[0])
    result = buffers[lam][:atoms]
    for l1, l2, columns, left, right, pairs, weights, c in plans[lam]:
        u = room[: atoms * len(c) * len(right)].reshape(atoms, len(c), len(right))
        np.matmul(c, x[l2][:, :, right], out=u)
        u = u.reshape(atoms, 2 * lam + 1, 2 * l1 + 1, len(right))
        p = pairs_room[: atoms * (2 * lam + 1) * len(left) * len(right)].reshape(atoms, 2 * lam + 1, len(left), len(right))
        np.matmul(x[l1][:, :, left].transpose(0, 2, 1)[:, None], u, out=p)
        taken = taken_room[: atoms * (2 * lam + 1) * len(pairs)].reshape(atoms * (2 * lam + 1), len(pairs))
        np.take(p.reshape(atoms * (2 * lam + 1), -1), pairs, axis=1, out=taken, mode="clip")
        np.multiply(taken.reshape(atoms, 2 * lam + 1, -1), weights, out=result[:, :, columns])
    return result


def norms(grams, lam):
    """|P^λ|² by Gram matrices."""
    result = np.zeros(len(grams[0]))
    for key, c in coupling.items():
        l1, l2, own = map(int, key.split(","))
        if own == lam:
            half = np.tensordot(grams[l1], c, axes=(2, 1))  # [i, m1', μ, m2]
            turned = np.tensordot(grams[l2], c, axes=(2, 2))  # [i, m2, μ, m1']
            factor = 1 if l1 == l2 else 2
            result += factor * np.einsum("iabc,icba->i", half, turned, optimize=True)
    return result


draws = [np.random.default_rng(lam).integers(first[-1] * (2 * lam + 1) * len(rows), size=200) for lam, rows in enumerate(selected)]
for line in sys.stdin:
    check = line.strip() == "check"
    start = time.process_time()
    x = expansion()
    answer = {"expansion": time.process_time() - start, "features": 0.0, "norms": 0.0}
    samples = []
    squares = np.zeros(len(selected))
    for at in range(0, first[-1], ATOMS):
        part = [v[at : at + ATOMS] for v in x]
        before = time.process_time()
        p = [features(part, lam) for lam in range(len(selected))]
        middle = time.process_time()
        grams = [v @ v.transpose(0, 2, 1) for v in part]
        own = [norms(grams, lam) for lam in range(len(selected))]
        answer["features"] += middle - before
        answer["norms"] += time.process_time() - middle
        if check:
            squares += [norm.sum() for norm in own]
            for lam, v in enumerate(p):
                skipped = at * v[0].size
                samples += [[lam, int(k), float(v.flat[k - skipped])] for k in draws[lam] if 0 <= k - skipped < v.size]
    if check:
        answer["samples"] = samples
        answer["norms_of_all"] = squares.tolist()
    print(json.dumps(answer), flush=True)
