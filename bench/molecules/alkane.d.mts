import type { Structure } from "../../dist/structure/structure.js";

export function alkane(carbons: number): Structure;
