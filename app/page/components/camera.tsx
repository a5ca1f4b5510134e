/// <reference lib="dom" />
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { addFiles } from "../state/photos.ts";
import { texts } from "../state/texts.ts";
import { Dialog } from "./dialog.tsx";

/** Takes a picture; the camera is off as soon as the window is closed. */
export function Camera({ onClose }: { onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const isReady = useSignal(false);
  const error = useSignal("");
  const { camera } = texts.value;
  useEffect(() => {
    let isClosed = false;
    let stream: MediaStream | undefined;
    open().then((opened) => {
      stream = opened;
      if (isClosed) return end(stream);
      video.current!.srcObject = stream;
    }).catch((reason: Error) => {
      error.value = reason instanceof NoCamera ? camera.none : camera.refused(reason.message);
    });
    return () => {
      isClosed = true;
      if (stream !== undefined) end(stream);
    };
  }, []);
  const take = async () => {
    addFiles([await frameOf(video.current!)]);
    onClose();
  };
  return (
    <Dialog title={camera.title} onClose={onClose}>
      <div class="viewfinder">
        <video ref={video} autoplay muted playsInline onPlaying={() => isReady.value = true} />
        {!isReady.value && error.value === "" && <p>{camera.starting}</p>}
        {error.value !== "" && <p role="alert">{error.value}</p>}
      </div>
      <div class="buttons">
        <button type="button" class="primary" disabled={!isReady.value} onClick={take}>
          {camera.take}
        </button>
        <button type="button" onClick={onClose}>{camera.close}</button>
      </div>
    </Dialog>
  );
}

/** The page's address is not one that browsers give the camera to. */
class NoCamera extends Error {}

async function open(): Promise<MediaStream> {
  if (navigator.mediaDevices === undefined) throw new NoCamera();
  return await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 } },
  });
}

function end(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

async function frameOf(video: HTMLVideoElement): Promise<File> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")!.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) =>
    canvas.toBlob(resolve, "image/jpeg", 0.92)
  );
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  return new File([blob!], `camera-${time}.jpg`, { type: "image/jpeg" });
}
