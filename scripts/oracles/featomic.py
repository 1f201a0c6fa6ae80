"""Reference numbers for the descriptor tests, from featomic (BSD-3-Clause).

    python -m venv venv && venv/bin/pip install featomic==0.6.7 ase numpy
    venv/bin/python -P scripts/oracles/featomic.py > test/data/featomic/descriptors.json
    venv/bin/python -P scripts/oracles/featomic.py cutoffs > test/data/featomic/cutoffs.json

(-P, because this file has the name of the package.) All lengths in bohr. Splines are off: they cost 5e-9. featomic's lambda-SOAP uses complex Clebsch-Gordan
coefficients, brine's are Gaunt integrals; they differ by the sign of <l1 0 l2 0 | lambda 0>.
"""

import json
import sys

import ase
import numpy as np
from featomic import SphericalExpansion
from featomic.clebsch_gordan import EquivariantPowerSpectrum

FORMAMIDE = (
    ["C", "O", "N", "H", "H", "H"],
    [[0.0, 0.8, 0.05], [2.2, 1.4, -0.1], [-1.7, 2.6, 0.2], [-0.7, -1.2, 0.1], [-3.5, 2.1, -0.3], [-1.2, 4.4, 0.4]],
)
WATER_DIMER = (
    ["O", "H", "H", "O", "H", "H"],
    [[0.0, 0.0, 0.1], [1.5, 1.0, 0.2], [-1.4, 1.1, 0.0], [3.9, 3.3, 0.5], [4.3, 4.1, 2.1], [5.1, 2.1, -0.3]],
)
CRYSTAL = (["O", "H", "H", "Si"], [[0.2, 0.1, 0.3], [1.9, 0.4, 0.2], [-0.4, 1.8, 0.5], [3.1, 3.3, 3.9]])

CASES = {
    "formamide": {
        "structure": FORMAMIDE,
        "settings": {"cutoffRadius": 7.5, "smoothing": 0.2, "sigma": 0.55, "nmax": 8, "lmax": 6, "scaling": None, "species": [1, 6, 7, 8]},
    },
    "formamide, scaled": {
        "structure": FORMAMIDE,
        "settings": {"cutoffRadius": 4.2, "smoothing": 2.0, "sigma": 0.3, "nmax": 4, "lmax": 8, "scaling": {"exponent": 4, "radius": 3.8}, "species": [1, 6, 7, 8]},
    },
    "water dimer, scaled": {
        "structure": WATER_DIMER,
        "settings": {"cutoffRadius": 7.5, "smoothing": 0.2, "sigma": 0.55, "nmax": 8, "lmax": 6, "scaling": {"exponent": 4, "radius": 3.8}, "species": [1, 8]},
    },
    "small triclinic cell": {
        "structure": CRYSTAL,
        "cell": [[7.0, 0.0, 0.0], [1.5, 6.2, 0.0], [-1.0, 2.0, 6.8]],
        "settings": {"cutoffRadius": 7.9, "smoothing": 0.5, "sigma": 0.9, "nmax": 6, "lmax": 4, "scaling": {"exponent": 3, "radius": 4.5}, "species": [1, 8, 14]},
    },
}
LAMBDAS = [0, 1, 2, 3, 4]

# Spheres of several radii around each atom: the outer one depends on the species at the centre.
CUTOFFS = {
    "structure": WATER_DIMER,
    "settings": {
        "cutoffRadius": 7.5,
        "cutoffOfSpecies": {"1": 5.1},
        "innerCutoffs": [3.6],
        "smoothing": 0.7,
        "sigma": 0.55,
        "nmax": 6,
        "lmax": 4,
        "scaling": {"exponent": 4, "radius": 3.8},
        "species": [1, 8],
    },
}


def hypers(s):
    density = {"type": "Gaussian", "width": s["sigma"], "center_atom_weight": 1.0}
    if s["scaling"]:
        density["scaling"] = {"type": "Willatt2018", "exponent": s["scaling"]["exponent"], "rate": 1.0, "scale": s["scaling"]["radius"]}
    return {
        "cutoff": {"radius": s["cutoffRadius"], "smoothing": {"type": "ShiftedCosine", "width": s["smoothing"]}},
        "density": density,
        "basis": {"type": "TensorProduct", "max_angular": s["lmax"], "radial": {"type": "Gto", "max_radial": s["nmax"] - 1}, "spline_accuracy": None},
    }


def run(case, rng):
    settings = case["settings"]
    nmax, species = settings["nmax"], settings["species"]
    symbols, positions = case["structure"]
    cell = case.get("cell")
    frame = ase.Atoms(symbols, positions, cell=cell, pbc=cell is not None)
    calculator = SphericalExpansion(**hypers(settings))

    expansion = []  # atom, l, m + l, q, value
    for key, block in calculator.compute([frame]).items():
        first = species.index(key["neighbor_type"]) * nmax
        for row, atom in enumerate(block.samples["atom"]):
            m = int(rng.integers(2 * key["o3_lambda"] + 1))
            n = int(rng.integers(nmax))
            expansion.append([int(atom), int(key["o3_lambda"]), m, first + n, float(block.values[row, m, n])])

    soap = []  # lambda, atom, mu + lambda, l1, q1, l2, q2, value
    norms = np.zeros((len(LAMBDAS), len(symbols)))  # [lambda, atom] of |P|^2
    power = EquivariantPowerSpectrum(calculator, neighbor_types=species).compute([frame])
    for key, block in power.items():
        lam = int(key["o3_lambda"])
        if lam not in LAMBDAS or key["o3_sigma"] != 1:
            continue
        l1, l2 = block.properties["l_1"], block.properties["l_2"]
        q1 = species.index(key["neighbor_1_type"]) * nmax + block.properties["n_1"]
        q2 = species.index(key["neighbor_2_type"]) * nmax + block.properties["n_2"]
        assert np.all(l1 <= l2)
        for row, atom in enumerate(block.samples["atom"]):
            squares = np.sum(block.values[row] ** 2, axis=0) * np.where(l1 == l2, 1, 2)
            norms[lam, atom] += np.sum(squares)
            p = int(rng.integers(len(l1)))
            mu = int(rng.integers(2 * lam + 1))
            sign = (-1) ** ((l1[p] + l2[p] - lam) // 2)
            soap.append([lam, int(atom), mu, int(l1[p]), int(q1[p]), int(l2[p]), int(q2[p]), float(sign * block.values[row, mu, p])])

    keep = lambda rows, most: [rows[k] for k in sorted(rng.permutation(len(rows))[:most])]
    return {
        "species": [int(z) for z in frame.numbers],
        "positions": positions,
        "cell": cell,
        "settings": settings,
        "expansion": keep(expansion, 150),
        "lambdaSoap": keep(soap, 150),
        "squaredNorms": norms.tolist(),
    }


def run_cutoffs(case, rng):
    """Rows of sphere (0 the outer one, then the inner ones), atom, l, m + l, q, value."""
    settings = case["settings"]
    nmax, species = settings["nmax"], settings["species"]
    symbols, positions = case["structure"]
    frame = ase.Atoms(symbols, positions)
    rows = []
    for z in species:
        outer = settings["cutoffOfSpecies"].get(str(z), settings["cutoffRadius"])
        for sphere, radius in enumerate([outer, *settings["innerCutoffs"]]):
            calculator = SphericalExpansion(**hypers({**settings, "cutoffRadius": radius}))
            for key, block in calculator.compute([frame]).items():
                if key["center_type"] != z:
                    continue
                first = species.index(key["neighbor_type"]) * nmax
                for row, atom in enumerate(block.samples["atom"]):
                    l, n = int(key["o3_lambda"]), int(rng.integers(nmax))
                    m = int(rng.integers(2 * l + 1))
                    rows.append([sphere, int(atom), l, m, first + n, float(block.values[row, m, n])])
    return {"species": [int(z) for z in frame.numbers], "positions": positions, "settings": settings, "expansion": rows}


rng = np.random.default_rng(7)
result = run_cutoffs(CUTOFFS, rng) if sys.argv[1:] == ["cutoffs"] else {name: run(case, rng) for name, case in CASES.items()}
print(json.dumps(result, separators=(",", ":")))
