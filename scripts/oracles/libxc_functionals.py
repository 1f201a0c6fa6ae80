"""Energies with functionals that brine takes from libxc, by PySCF 2.14 (its libxc is 7).

    python scripts/oracles/libxc_functionals.py

Prints what test/oracle/libxc.test.ts holds. def2-SVP; J by def2-universal-jfit, J and K of hybrids by
def2-universal-jkfit; grid level 9, 5 for the radical; geometries of test/data/pyscf-scf and test/data/pyscf-open-shell.
"""
import json
from pathlib import Path

import pyscf
from pyscf import dft, gto

DATA = Path(__file__).parents[2] / "test/data"
CASES = {
    ("pyscf-scf", "H2O"): ["gga_x_b88+gga_c_p86", "gga_x_pbe_r+gga_c_pbe", "hyb_gga_xc_b3pw91", "mgga_x_tpss+mgga_c_tpss"],
    ("pyscf-open-shell", "CH3"): ["gga_x_b88+gga_c_p86"],
}
print("PySCF", pyscf.__version__, "libxc", dft.libxc.__version__)
for (folder, name), functionals in CASES.items():
    molecule = json.loads((DATA / folder / "molecules.json").read_text())[name]
    atoms = list(zip(molecule["species"], molecule["positions"]))
    mol = gto.M(atom=atoms, unit="bohr", basis="def2-svp", spin=molecule.get("unpaired", 0), verbose=0)
    for functional in functionals:
        fit = "def2-universal-jkfit" if functional.startswith("hyb") else "def2-universal-jfit"
        method = dft.UKS if mol.spin else dft.RKS
        solver = method(mol, xc=functional).density_fit(auxbasis=fit)
        solver.grids.level = 5 if mol.spin else 9
        solver.conv_tol = 1e-10
        energy = solver.kernel()
        assert solver.converged
        if mol.spin:
            orbitals, _, stable, _ = solver.stability(return_status=True)
            assert stable
        print(name, functional, round(float(energy), 9))
