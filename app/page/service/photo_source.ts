/// <reference lib="dom" />
/** A photo as JSON requests have it. */
export type PhotoSource = { url: string } | { base64: string; name: string };

/** A file or a web address as JSON requests have it. */
export async function photoSource(source: Blob | string, name: string): Promise<PhotoSource> {
  if (typeof source === "string") return { url: source };
  const address = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(source);
  });
  return { base64: address.slice(address.indexOf(",") + 1), name };
}
