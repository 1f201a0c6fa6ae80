import type { Reference } from "../../../dist/dataset/record.js";
export function waterClusters(): { training: Reference[]; validation: Reference[] };
