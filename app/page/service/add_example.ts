/// <reference lib="dom" />
import { tell } from "../state/notices.ts";
import { addFiles } from "../state/photos.ts";
import { texts } from "../state/texts.ts";

/** Gives one of the server's own photos as if it had been dropped. */
export async function addExample(address: string, name: string): Promise<void> {
  const { errors } = texts.value;
  try {
    const response = await fetch(address);
    if (!response.ok) return tell(errors.failed(response.status));
    const blob = await response.blob();
    addFiles([new File([blob], name, { type: blob.type })]);
  } catch {
    tell(errors.noServer);
  }
}
