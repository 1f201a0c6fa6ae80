"""Overlap, kinetic and GTH pseudopotential matrices of triclinic cells at the Gamma point by PySCF 2.14.

    python scripts/oracles/periodic_matrices.py > test/data/pyscf-periodic/core-matrices.json

gth-dzvp-molopt-sr, gth-pbe; bohr and hartree; lower triangles with functions in brine's order.
"""

import json

import numpy as np
import pyscf
from pyscf.pbc import gto
from pyscf.pbc.gto.pseudo import pp_int

CASES = [
    (
        ["Si", "Li", "H"],
        [[0.3, 0.2, -0.1], [3.1, 2.2, 4.0], [-1.0, 2.5, 1.2]],
        [[7.1, 0.2, -0.4], [2.3, 6.5, 0.9], [-1.1, 1.7, 8.0]],
    ),
    (["Zn", "F"], [[0.1, 0.2, -0.1], [2.0, 3.2, 1.0]], [[6.1, 0.0, 0.4], [-2.0, 7.5, 0.5], [1.1, 1.4, 7.0]]),
]
SUFFIXES = ["", "y", "z", "x", "xy", "yz", "z^2", "xz", "x2-y2"]


def brine_order(cell):
    """Atoms, l ascending, shells, m = -l ... l (p as y, z, x); f functions are in this order already."""
    keys = []
    for index, (atom, _, shell, suffix) in enumerate(cell.ao_labels(fmt=None)):
        l = "spdf".index(shell[-1])
        keys.append((atom, l, int(shell[:-1]), SUFFIXES.index(suffix) if l < 3 else index, index))
    return [key[-1] for key in sorted(keys)]


structures = []
for symbols, positions, vectors in CASES:
    cell = gto.Cell(unit="B", a=np.array(vectors), atom=list(zip(symbols, positions)), verbose=0)
    cell.basis, cell.pseudo, cell.precision, cell.spin = "gth-dzvp-molopt-sr", "gth-pbe", 1e-14, None
    cell.build()
    order = brine_order(cell)
    triangle = np.tril_indices(len(order))
    matrices = {
        "overlap": cell.pbc_intor("int1e_ovlp"),
        "kinetic": cell.pbc_intor("int1e_kin"),
        "localShortRange": pp_int.get_pp_loc_part2(cell),
        "nonlocal": pp_int.get_pp_nl(cell),
    }
    lower = {name: [float(f"{x:.10g}") for x in np.real(m)[np.ix_(order, order)][triangle]] for name, m in matrices.items()}
    structures.append({"species": symbols, "positions": positions, "cell": vectors, **lower})
print(json.dumps({"program": f"PySCF {pyscf.__version__}", "structures": structures}, separators=(",", ":")))
