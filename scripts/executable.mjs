// tsc writes files without the right to run them; `npx brine` in the checkout needs it.
import { chmodSync } from "node:fs";

chmodSync(new URL("../dist/cli/main.js", import.meta.url), 0o755);
