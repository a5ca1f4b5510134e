/// <reference lib="dom" />
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { service } from "../state/models.ts";
import { tell } from "../state/notices.ts";
import { addAddress, addFiles } from "../state/photos.ts";
import { texts } from "../state/texts.ts";

/** Takes what is dropped anywhere on the page, or pasted. */
export function DropTarget() {
  const isOver = useSignal(false);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      isOver.value = true;
    }, { signal });
    document.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) isOver.value = false; // the pointer has left the window
    }, { signal });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      isOver.value = false;
      give(event.dataTransfer, "text/uri-list");
    }, { signal });
    document.addEventListener("paste", (event) => {
      if ((event.target as Element).closest?.("input, textarea")) return;
      give(event.clipboardData, "text/plain");
    }, { signal });
    return () => controller.abort();
  }, []);
  return (
    <div class={isOver.value ? "drop over" : "drop"} aria-hidden="true">{texts.value.drop}</div>
  );
}

function give(data: DataTransfer | null, textKind: string): void {
  if (data === null || service.value === undefined) return;
  const files = [...data.files].filter(({ type, name }) =>
    type.startsWith("image/") || /\.(heic|heif|tiff?|avif)$/i.test(name)
  );
  const address = data.getData(textKind).split(/\r?\n/)[0].trim();
  if (files.length > 0) addFiles(files);
  else if (data.files.length === 0 && /^https?:\/\//i.test(address) && URL.canParse(address)) {
    if (service.value.urls) addAddress(address);
    else tell(texts.value.url.off);
  } else tell(texts.value.errors.notPhotos);
}
