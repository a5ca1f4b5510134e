/// <reference lib="dom" />
import { useSignal } from "@preact/signals";
import { addAddress } from "../state/photos.ts";
import { service } from "../state/models.ts";
import { texts } from "../state/texts.ts";
import { Dialog } from "./dialog.tsx";

/** Asks for a photo's web address, where the server fetches any. */
export function UrlForm({ onClose }: { onClose: () => void }) {
  const isWrong = useSignal(false);
  const address = useSignal("");
  const { url } = texts.value;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const value = address.value.trim();
    isWrong.value = !/^https?:\/\/./i.test(value) || !URL.canParse(value);
    if (isWrong.value) return;
    addAddress(value);
    onClose();
  };
  if (!service.value!.urls) {
    return (
      <Dialog title={url.title} onClose={onClose}>
        <p>{url.off}</p>
        <div class="buttons">
          <button type="button" onClick={onClose}>{url.close}</button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={url.title} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <label class="field">
          <span>{url.label}</span>
          <input
            type="url"
            placeholder="https://"
            value={address.value}
            aria-invalid={isWrong.value}
            onInput={({ currentTarget }) => address.value = currentTarget.value}
          />
        </label>
        <p class="wrong" role="alert">{isWrong.value ? url.wrong : ""}</p>
        <div class="buttons">
          <button type="submit" class="primary">{url.get}</button>
          <button type="button" onClick={onClose}>{url.close}</button>
        </div>
      </form>
    </Dialog>
  );
}
