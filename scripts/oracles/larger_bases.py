"""Writes test/data/pyscf-scf/larger-bases.json: energies in larger bases and of Hartree-Fock, by PySCF with its own copies
of the bases, J (and K) by density fitting in the set named.

    python3 scripts/oracles/larger_bases.py
"""
import json
from pathlib import Path

import pyscf
from pyscf import dft, gto

FILE = Path(__file__).parents[2] / "test/data/pyscf-scf/larger-bases.json"
MOLECULES = {
    "H2O": "O 0 0 0.2; H 0 1.43 -0.9; H 0.1 -1.43 -0.9",
    "HCl": "Cl 0 0 0; H 0.5 0.4 2.3",
    "H2S": "S 0 0 0.2; H 0 1.82 -1.55; H 0.1 -1.82 -1.55",
}
CASES = [
    ("H2O", "pbe", "def2-tzvp", "def2-universal-jfit"),
    ("H2O", "pbe", "def2-qzvp", "def2-universal-jfit"),
    ("H2O", "pbe", "cc-pvqz", "def2-universal-jfit"),
    ("H2O", "pbe", "aug-cc-pvdz", "def2-universal-jfit"),
    ("H2O", "pbe", "aug-cc-pvtz", "def2-universal-jfit"),
    ("HCl", "pbe", "aug-cc-pvdz", "def2-universal-jfit"),
    ("HCl", "pbe", "6-31g", "def2-universal-jfit"),
    ("H2O", "hf", "def2-svp", "def2-universal-jkfit"),
    ("H2O", "hf", "cc-pvtz", "cc-pvtz-jkfit"),
    ("H2O", "hf", "cc-pvqz", "cc-pvqz-jkfit"),
    ("H2S", "hf", "aug-cc-pvdz", "aug-cc-pvdz-jkfit"),
    ("H2O", "pbe0", "aug-cc-pvtz", "aug-cc-pvtz-jkfit"),
    ("H2O", "pbe0", "cc-pvdz", "cc-pvdz-jkfit"),
]


def energy(molecule, functional, basis, fit):
    mol = gto.M(atom=MOLECULES[molecule], basis=basis, unit="Bohr", verbose=0)
    solver = dft.RKS(mol, xc=functional).density_fit(auxbasis=fit)
    solver.grids.level = 5
    solver.conv_tol = 1e-10
    result = solver.kernel()
    assert solver.converged
    return {"molecule": molecule, "functional": functional, "basis": basis, "fit": fit, "functions": mol.nao, "energy": result}


geometries = {
    name: [[part.split()[0], *map(float, part.split()[1:])] for part in atoms.split("; ")]
    for name, atoms in MOLECULES.items()
}
document = {"program": f"PySCF {pyscf.__version__}", "molecules": geometries, "energies": [energy(*case) for case in CASES]}
FILE.write_text(json.dumps(document, indent=1) + "\n")
