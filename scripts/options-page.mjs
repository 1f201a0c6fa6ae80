/** Writes docs/options.md, the options of every command, from the commands themselves: node scripts/options-page.mjs */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { commands } from "../dist/cli/commands.js";
import { optionDescription } from "../dist/cli/frame.js";

const frame = { action: () => () => {} };
const sections = [];
for (const [name, description, load] of commands) {
  const command = new Command(name).description(description);
  (await load()).register(command, frame);
  sections.push(...sectionsOf(command, `brine ${name}`));
}
writeFileSync(
  new URL("../docs/options.md", import.meta.url),
  `# Options of all commands

Made by \`npm run docs\` from what \`--help\` shows. The value in parentheses is what counts when an option is not given. All commands take \`--json\` (the result as one JSON document), \`--quiet\` (no progress and no notes) and \`--debug\` (where in the code an error came from).

${sections.join("\n\n")}
`,
);

/** Of a command that does something, or of those below it. */
function sectionsOf(command, path) {
  if (command.commands.length > 0) return command.commands.flatMap((one) => sectionsOf(one, `${path} ${one.name()}`));
  const operands = command.registeredArguments.map((operand) => [
    `${operand.name()}${operand.variadic ? "…" : ""}`,
    operand.description,
  ]);
  const options = command.options.map((option) => [
    option.flags,
    `${optionDescription(option)}${option.mandatory ? "; must be given" : ""}`,
  ]);
  const rows = [...operands, ...options].map(([what, text]) => `| \`${what}\` | ${text.replaceAll("|", "\\|")} |`);
  const heading = `## ${path}\n\n${command.description().replace(/\.$/, "")}.`;
  return [rows.length > 0 ? [heading, "", "| | |", "|---|---|", ...rows].join("\n") : heading];
}
