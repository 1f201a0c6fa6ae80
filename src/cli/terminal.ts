/** The width of a terminal, in characters; 80 where it is none or does not say (some report 0). */
export function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.columns || 80;
}
