/// <reference lib="dom" />
import { useSignal } from "@preact/signals";
import { tell } from "../state/notices.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "./icon.tsx";

interface Props {
  text: string;
  label: string;
  /** In place of the label for a moment after. */
  copied: string;
}

/** Copies a text. */
export function CopyButton({ text, label, copied }: Props) {
  const isCopied = useSignal(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      isCopied.value = true;
      setTimeout(() => isCopied.value = false, 1500);
    } catch {
      tell(texts.value.errors.copy);
    }
  };
  return (
    <button type="button" class="copy" onClick={copy}>
      <Icon name="copy" />
      <span aria-live="polite">{isCopied.value ? copied : label}</span>
    </button>
  );
}
