"""Tables of the elements H to Rn by mendeleev 1.3 and ase 3.29.

    python scripts/oracles/elements.py > test/data/elements/elements.json

A line an element: symbol, atomic weight, Slater's radius (pm), Pauling's electronegativity (all mendeleev), radius of
Cordero et al. (Å, ase).
"""

import json

import ase.data
import mendeleev

lines = []
for z in range(1, 87):
    of = mendeleev.element(z)
    lines.append(
        [of.symbol, of.atomic_weight, of.atomic_radius, of.en_pauling, float(ase.data.covalent_radii[z])]
    )
print("[\n " + ",\n ".join(json.dumps(line) for line in lines) + "\n]")
