/** Files that the person gets: made here, or asked of the server. */
import { askFile, Problem } from "@/api/client";
import { notify } from "@/graph/notices";

/** Give *content* as a file. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Give what the API has at *path* as a file, under the name that the server says. */
export async function saveFrom(path: string): Promise<void> {
  try {
    const { content, name } = await askFile(path);
    saveFile(content, name);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    notify(error.detail, "error");
  }
}
