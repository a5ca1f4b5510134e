/// <reference lib="dom" />
import { computed, type Signal, signal } from "@preact/signals";
import type { PhotoCaption, RegionsAnswer } from "../../api/schemas.ts";
import type { Step } from "../../engine/caption_engine.ts";
import { service } from "./models.ts";
import { tell } from "./notices.ts";
import { number, texts } from "./texts.ts";

/** A caption that comes, has come, or failed. */
export interface Result {
  status: "waiting" | "working" | "done" | "failed" | "stopped";
  /** Milliseconds of the steps that ended. */
  steps: Partial<Record<Step, number>>;
  /** Greedy words so far. */
  words: { word: string; probability: number }[];
  /** The answer; while it is asked for again, the one before. */
  answer?: PhotoCaption;
  /** Why there is none. */
  error?: string;
  /** Seconds until a busy server is asked again. */
  retryIn?: number;
}

/** Where a model looked, being found out or known. */
export type Looked = "loading" | RegionsAnswer;

/** A photo that was given. */
export interface Photo {
  id: number;
  name: string;
  /** The file, or its web address. */
  source: Blob | string;
  /** Where the page shows it from; undefined until it can. */
  preview: Signal<string | undefined>;
  /** Whether the server was asked for a picture of it. */
  isPreviewAsked: boolean;
  /** By the model's name. */
  results: Signal<Readonly<Record<string, Result>>>;
  /** By the model's name and the caption. */
  looked: Signal<Readonly<Record<string, Looked>>>;
  /** What the user wrote instead; undefined: the model's. */
  edited: Signal<string | undefined>;
}

/** A word of a run's caption that is looked at. */
export interface ChosenWord {
  model: string;
  /** Its position in the caption. */
  index: number;
}

/** All of them, in the order in which they came. */
export const photos = signal<readonly Photo[]>([]);

/** Id of the one that is shown large. */
export const currentId = signal(0);

/** The photo that is shown large. */
export const current = computed(() =>
  photos.value.find(({ id }) => id === currentId.value) ?? photos.value.at(-1)
);

const ids = signal(0);

/** Adds files; what is too large is told. */
export function addFiles(files: readonly File[]): void {
  const most = service.value?.limits.photoBytes ?? Infinity;
  const { errors } = texts.value;
  const fitting = files.filter((file) => {
    if (file.size <= most) return true;
    const size = (bytes: number) => `${number(bytes / 1e6, 1)} MB`;
    tell(errors.large(file.name, size(file.size), size(most)));
    return false;
  });
  if (files.length === 0) tell(errors.notPhotos);
  for (const file of fitting) add(file.name, file, URL.createObjectURL(file));
}

/** Adds a photo by its web address, which the server is to fetch. */
export function addAddress(address: string): void {
  const name = new URL(address).pathname.split("/").at(-1) || new URL(address).host;
  add(name, address, undefined);
}

function add(name: string, source: Blob | string, preview: string | undefined): void {
  const id = ++ids.value;
  const photo: Photo = {
    id,
    name,
    source,
    preview: signal(preview),
    isPreviewAsked: false,
    results: signal({}),
    looked: signal({}),
    edited: signal(undefined),
  };
  photos.value = [...photos.value, photo];
  currentId.value = id;
}

/** Takes a photo away. */
export function removePhoto(photo: Photo): void {
  const at = photos.value.indexOf(photo);
  photos.value = photos.value.filter((each) => each !== photo);
  if (currentId.value === photo.id) {
    currentId.value = photos.value[Math.min(at, photos.value.length - 1)]?.id ?? 0;
  }
  if (photo.preview.value?.startsWith("blob:")) URL.revokeObjectURL(photo.preview.value);
}

/** The caption as it is copied and saved: the user's, else the model's. */
export function captionOf(photo: Photo, model: string): string | undefined {
  return photo.edited.value ?? photo.results.value[model]?.answer?.caption;
}

/** Changes a part of one result. */
export function update(photo: Photo, model: string, change: Partial<Result>): void {
  const old = photo.results.value[model] ?? { status: "waiting", steps: {}, words: [] };
  photo.results.value = { ...photo.results.value, [model]: { ...old, ...change } };
}
