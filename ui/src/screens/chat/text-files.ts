import { text } from "../../text/en";

export interface TextFile {
  name: string;
  mimeType: string;
  base64: string;
}

// The most that the server takes as one file.
const MOST_BYTES = 512 * 1024;

/** A chosen file, if it is text of a size that fits; else why not. */
export async function readTextFile(file: File): Promise<TextFile | { problem: string }> {
  if (file.size > MOST_BYTES) return { problem: text.chat.fileTooLarge(file.name) };
  const content = new Uint8Array(await file.arrayBuffer());
  try {
    const decoded = new TextDecoder("utf-8", { fatal: true }).decode(content);
    if (decoded.includes("\0")) throw new TypeError("binary");
  } catch {
    return { problem: text.chat.fileNotText(file.name) };
  }
  return { name: file.name, mimeType: file.type || "text/plain", base64: base64(content) };
}

function base64(content: Uint8Array): string {
  let binary = "";
  for (const byte of content) binary += String.fromCharCode(byte);
  return btoa(binary);
}
