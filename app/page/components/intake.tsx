/// <reference lib="dom" />
import { useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { addFiles } from "../state/photos.ts";
import { texts } from "../state/texts.ts";
import { Camera } from "./camera.tsx";
import { Icon } from "./icon.tsx";
import { UrlForm } from "./url_form.tsx";

/** Ways to give a photo. @param small whether photos are there already */
export function Intake({ small = false }: { small?: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const opened = useSignal<"camera" | "url" | undefined>(undefined);
  const { start, add } = texts.value;
  const close = () => opened.value = undefined;
  return (
    <div class={small ? "intake small" : "intake"}>
      <button type="button" class={small ? "" : "primary"} onClick={() => input.current!.click()}>
        <Icon name={small ? "plus" : "photo"} />
        {small ? add : start.choose}
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*,.heic,.heif,.tif,.tiff,.avif"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          if (currentTarget.files!.length > 0) addFiles([...currentTarget.files!]);
          currentTarget.value = ""; // so that the same file can be chosen once more
        }}
      />
      <button type="button" onClick={() => opened.value = "camera"}>
        <Icon name="camera" />
        {start.camera}
      </button>
      <button type="button" onClick={() => opened.value = "url"}>
        <Icon name="web" />
        {start.url}
      </button>
      {opened.value === "camera" && <Camera onClose={close} />}
      {opened.value === "url" && <UrlForm onClose={close} />}
    </div>
  );
}
