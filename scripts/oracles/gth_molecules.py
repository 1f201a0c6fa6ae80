"""Writes test/data/pyscf-gth-molecules/energies.json: molecules with GTH-PBE pseudopotentials and brine's own
DZVP-MOLOPT-SR-GTH, J by density fitting in def2-universal-jkfit, by PySCF.

    node scripts/oracles/gth_bases.mjs > bases.json && python3 scripts/oracles/gth_molecules.py bases.json
"""
import json
import sys
from pathlib import Path

import pyscf
from pyscf import dft, gto

FILE = Path(__file__).parents[2] / "test/data/pyscf-gth-molecules/energies.json"
CASES = [
    ("H2O", "O 0 0 0.2; H 0 1.43 -0.9; H 0.1 -1.43 -0.9", "pbe,pbe", 0, 0),
    ("CH2O", "C 0 0 0; O 0 0 2.28; H 0 1.77 -1.12; H 0.05 -1.77 -1.12", "pbe,pbe", 0, 0),
    ("OH", "O 0 0 0; H 0 0.3 1.82", "pbe,pbe", 0, 1),
    ("H2O", "O 0 0 0.2; H 0 1.43 -0.9; H 0.1 -1.43 -0.9", "pbe0", 0, 0),
]
bases = json.load(open(sys.argv[1]))
SYMBOLS = {"1": "H", "6": "C", "8": "O"}


def shells(of):
    return {
        SYMBOLS[z]: [[s["l"], *([e, c] for e, c in zip(s["exponents"], s["coefficients"]))] for s in of[z]] for z in of
    }


results = []
for name, atoms, functional, charge, spin in CASES:
    mol = gto.M(atom=atoms, unit="Bohr", charge=charge, spin=spin, basis=shells(bases["orbitals"]), pseudo="gth-pbe", verbose=0)
    solver = (dft.UKS if spin else dft.RKS)(mol, xc=functional).density_fit(auxbasis=shells(bases["fit"]))
    solver.grids.level = 6
    solver.conv_tol = 1e-11
    energy = solver.kernel()
    results.append({"name": name, "atoms": atoms, "functional": functional.split(",")[0], "charge": charge, "unpaired": spin,
                    "energy": energy, "nuclearRepulsion": mol.energy_nuc(), "dipole": list(solver.dip_moment(unit="AU", verbose=0))})
FILE.write_text(json.dumps({"program": f"PySCF {pyscf.__version__}", "results": results}, indent=1) + "\n")
