/** A place in a document: keys and indexes from the top. */
export type Path = readonly (string | number)[];

/** The JSON pointer (RFC 6901) of a place. */
export function pointerOf(path: Path): string {
  return path.map((part) => `/${String(part).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}

/** The place that a JSON pointer names; indexes stay texts, since only the document says which they are. */
export function pathOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
}

/** Whether a pointer is another one, or a place below it. */
export function isAtOrBelow(pointer: string, top: string): boolean {
  return pointer === top || pointer.startsWith(`${top}/`);
}
