"""Traceless quadrupoles of converged densities by PySCF 2.14, nuclei included, about the coordinate origin.

    python scripts/oracles/quadrupoles.py > test/data/pyscf-scf/quadrupoles.json

PBE/def2-SVP, J by def2-universal-jfit, grid level 4; molecules of molecules.json. xx, xy, xz, yy, yz, zz, e bohr^2.
"""

import json

import numpy
from pyscf import dft, gto

with open("test/data/pyscf-scf/molecules.json") as file:
    molecules = json.load(file)
result = {}
for name in ("H2O", "HF"):
    of = molecules[name]
    mol = gto.M(atom=list(zip(of["species"], of["positions"])), unit="bohr", basis="def2-svp", verbose=0)
    mf = dft.RKS(mol, xc="PBE").density_fit(auxbasis="def2-universal-jfit")
    mf.grids.level = 4
    mf.conv_tol = 1e-10
    mf.kernel()
    assert mf.converged
    operators = mol.intor("int1e_rr").reshape(3, 3, mol.nao, mol.nao)
    moments = -numpy.einsum("xyij,ji->xy", operators, mf.make_rdm1())
    moments += numpy.einsum("a,ax,ay->xy", mol.atom_charges(), mol.atom_coords(), mol.atom_coords())
    traceless = 1.5 * moments - 0.5 * numpy.trace(moments) * numpy.eye(3)
    result[name] = [round(float(traceless[i, j]), 7) for i in range(3) for j in range(i, 3)]
print(json.dumps(result, indent=1))
