"""Writes data/basis/NAME.json, H to Kr: what brine reads of the Basis Set Exchange (PyPI basis-set-exchange), and of
PySCF (PyPI pyscf) where the exchange has no such set.

    python3 scripts/basis-sets.py cc-pvqz def2-qzvp ...
"""
import json
import sys
from pathlib import Path

import basis_set_exchange as exchange
import pyscf
from pyscf.lib.exceptions import BasisNotFoundError

FOLDER = Path(__file__).parent.parent / "data" / "basis"
LAST_ELEMENT = 36


def number(value):
    """The shortest text of the same number."""
    return min(str(value).strip(), repr(float(value)), key=len)


def from_exchange(name):
    published = exchange.get_basis(name)
    shells = {
        z: [
            (shell["angular_momentum"], shell["exponents"], shell["coefficients"])
            for shell in element["electron_shells"]
        ]
        for z, element in published["elements"].items()
        if int(z) <= LAST_ELEMENT and "ecp_potentials" not in element
    }
    source = f"basis_set_exchange {exchange.version()}, set version {published['version']}"
    return published["name"], source, "BSD-3-Clause", shells


def from_pyscf(name):
    shells = {}
    for z in range(1, LAST_ELEMENT + 1):
        try:
            published = pyscf.gto.basis.load(name, pyscf.gto.mole._symbol(z))
        except BasisNotFoundError:
            continue
        columns = [([l], list(zip(*primitives))) for l, *primitives in published]
        shells[str(z)] = [(l, exponents, coefficients) for l, (exponents, *coefficients) in columns]
    return name, f"PySCF {pyscf.__version__}", "Apache-2.0", shells


for name in sys.argv[1:]:
    known = name.lower() in (one.lower() for one in exchange.get_all_basis_names())
    title, source, licence, elements = (from_exchange if known else from_pyscf)(name)
    document = {
        "name": title,
        "source": source,
        "licence": licence,
        "elements": {
            z: {
                "electron_shells": [
                    {
                        "angular_momentum": momenta,
                        "exponents": [number(x) for x in exponents],
                        "coefficients": [[number(x) for x in column] for column in coefficients],
                    }
                    for momenta, exponents, coefficients in shells
                ]
            }
            for z, shells in elements.items()
        },
    }
    path = FOLDER / f"{name.lower().replace('*', '_st_')}.json"
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n")
    print(f"{path.name}: {path.stat().st_size // 1000} kB, elements {', '.join(elements)}")
