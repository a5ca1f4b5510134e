/// <reference lib="dom" />
/** Paths on a grid of 24 by 24, drawn with a stroke. */
const paths = {
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 16.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  web: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  edit: "M4 20l1-5L16 4l4 4L9 19z",
  share: "M12 15V4M8 7l4-4 4 4M5 12v8h14v-8",
  save: "M12 4v11M8 12l4 4 4-4M5 20h14",
  close: "M6 6l12 12M18 6L6 18",
  plus: "M12 5v14M5 12h14",
  stop: "M7 7h10v10H7z",
  draw: "M8 4l5 9H3zM17 13a4 4 0 1 0 0 8 4 4 0 0 0 0-8M15 3h6v6h-6z",
  warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
  undo: "M4 9h10a5 5 0 0 1 0 10H9M8 5L4 9l4 4",
} as const;

/** A drawn sign; the text beside it says the same. */
export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
